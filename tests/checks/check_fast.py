"""What a fast GRU and a fast LSTM must do: exercises/fast.py as checks.

They are held against the textbook's loops, one gate after another: values and gradients are the
same, whatever was joined, moved out of the loop or computed side by side.
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case
from grader.checking.cost_checks import cost_checks, over_subjects, products
from grader.checking.properties import agree_tensor, ask, loop_checks
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.checking.timing import FASTER, NARROW, Race, timing_check
from tests.checks.shared import loop, parameter_names, result

FAR = 60.0  # a bias at which a gate is open, or a candidate at its end
GRU_B_Z, GRU_B_H = 2, 8  # where biases stand among the parameters
LSTM_B_I, LSTM_B_F, LSTM_B_O, LSTM_B_C = 2, 5, 8, 11

gru_whole = loop(states=1, gates=3)
lstm_whole = loop(states=2, gates=4)
GRU = Subject(
    "fast",
    "gru_fast",
    answers.reference("solutions.gru").gru,
    gru_whole,
    wrap=result,
    labels={"params": parameter_names("z r h")},
)
LSTM = Subject(
    "fast",
    "lstm_fast",
    answers.reference("solutions.lstm").lstm,
    lstm_whole,
    wrap=result,
    labels={"params": parameter_names("i f o c")},
)

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [GRU, LSTM]
)
(check_dependence, check_sequences, check_split, check_causality, check_batch, check_readout) = (
    loop_checks([GRU, LSTM])
)
check_growth, check_waits, check_budget = cost_checks([GRU, LSTM])
check_two_products = over_subjects(products(2), [GRU])
check_one_product = over_subjects(products(1), [LSTM])
check_speed = timing_check(
    [
        Race(GRU, "gru.gru", 1, 3, NARROW, FASTER),
        Race(LSTM, "lstm.lstm", 2, 4, NARROW, FASTER),
    ]
)


def _with_biases(case: Case, biases: dict[int, float]) -> list[torch.Tensor]:
    """The case's parameters with some biases filled with one number each."""
    params = list(case["params"])
    for index, value in biases.items():
        params[index] = torch.full_like(params[index], value)
    return params


@over(gru_whole, 4)
def check_gru_fast_keeps(fast, case: Case) -> None:
    """With b_z far above zero every step keeps the state; far below, none of it is left."""
    under = GRU.under(fast.submission)
    answer, matrices = ask(under, case, params=_with_biases(case, {GRU_B_Z: FAR}))
    agree_tensor(answer, matrices[-1], case["state"][0], "gru_keeps")
    taken = {GRU_B_Z: -FAR, GRU_B_H: FAR}  # the candidate is 1, whatever it read
    answer, matrices = ask(under, case, params=_with_biases(case, taken))
    agree_tensor(answer, matrices[-1], torch.ones_like(matrices[-1]), "gru_takes")


@over(lstm_whole, 4)
def check_lstm_fast_keeps(fast, case: Case) -> None:
    """Forget gate open and input gate shut: the memory comes out as it went in."""
    under = LSTM.under(fast.submission)
    kept = {LSTM_B_F: FAR, LSTM_B_I: -FAR}
    answer, matrices = ask(under, case, params=_with_biases(case, kept))
    agree_tensor(answer, matrices[-1], case["state"][1], "lstm_keeps")
    answer, matrices = ask(under, case, params=_with_biases(case, {**kept, LSTM_B_O: FAR}))
    agree_tensor(answer, matrices[-2], torch.tanh(case["state"][1]), "lstm_shows")
    taken = {LSTM_B_F: -FAR, LSTM_B_I: FAR, LSTM_B_C: FAR}
    answer, matrices = ask(under, case, params=_with_biases(case, taken))
    agree_tensor(answer, matrices[-1], torch.ones_like(matrices[-1]), "lstm_takes")
