"""What a plain recurrent network must do (Elman 1990): exercises/rnn.py as checks.

H_t = tanh(X_t W_xh + H_{t-1} W_hh + b_h)        Y_t = H_t W_hq + b_q
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case
from grader.checking.cells import gate_saturation, parameter_checks, state_checks, with_fixture
from grader.checking.cost_checks import cost_checks
from grader.checking.properties import agree_tensor, ask, loop_checks
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from tests.checks.shared import loop, named, parameter_names, result, state_sizes

reference = answers.reference("solutions.rnn")

NAMES = parameter_names("h")

whole = loop(states=1, gates=1)
STEP = Subject("rnn", "rnn_step", reference.rnn_step, named("X H W_xh W_hh b_h"))
RNN = Subject("rnn", "rnn", reference.rnn, whole, wrap=result, labels={"params": NAMES})

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [STEP, RNN]
)
check_saturation = gate_saturation([STEP], low=-1.0)
(check_dependence, check_sequences, check_split, check_causality, check_batch, check_readout) = (
    loop_checks([RNN])
)
check_growth, check_waits, check_budget = cost_checks([RNN])


def _shapes(d: int, h: int, q: int) -> list[tuple[int, ...]]:
    return [(d, h), (h, h), (h,), (h, q), (q,)]


globals().update(with_fixture(parameter_checks(NAMES, _shapes), "rnn"))
globals().update(with_fixture(state_checks("init_rnn_state", 1, state_sizes), "rnn"))


@over(whole, 4)
def check_rnn_bounds(rnn, case: Case) -> None:
    """With b_h far above zero the state is 1 after every step."""
    under = RNN.under(rnn.submission)
    params = list(case["params"])
    params[2] = torch.full_like(params[2], 60.0)
    answer, matrices = ask(under, case, params=params)
    agree_tensor(answer, matrices[-1], torch.ones_like(matrices[-1]), "rnn_bounds")
