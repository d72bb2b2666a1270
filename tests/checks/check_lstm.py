"""What an LSTM must do (Hochreiter & Schmidhuber 1997; Gers et al. 2000): exercises/lstm.py.

I, F, O = σ(X W + H U + b), each with its own parameters    C̃ = tanh(X W_xc + H W_hc + b_c)
C' = F ⊙ C + I ⊙ C̃                                          H' = O ⊙ tanh(C')
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, Fill, spec
from grader.checking.cells import gate_saturation, parameter_checks, state_checks, with_fixture
from grader.checking.cost_checks import cost_checks
from grader.checking.properties import agree_tensor, ask, loop_checks
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.checking.timing import GUARD, LARGE, Race, timing_check
from tests.checks.shared import loop, named, parameter_names, result, state_sizes

reference = answers.reference("solutions.lstm")

NAMES = parameter_names("i f o c")
B_I, B_F, B_O, B_C = 2, 5, 8, 11  # where the biases stand among the parameters
FAR = 60.0


@spec("n h", large=True)
def memory(fill: Fill, n: int, h: int) -> dict:
    F, C, I = fill.gates(n, h), fill(n, h), fill.gates(n, h)
    return {"F": F, "C": C, "I": I, "C_tilde": (fill(n, h) * 0.25).clamp(-0.75, 0.75)}


@spec("n h", large=True)
def output(fill: Fill, n: int, h: int) -> dict:
    return {"O": fill.gates(n, h), "C": fill(n, h)}


whole = loop(states=2, gates=4)
INPUT = Subject("lstm", "input_gate", reference.input_gate, named("X H W_xi W_hi b_i"))
FORGET = Subject("lstm", "forget_gate", reference.forget_gate, named("X H W_xf W_hf b_f"))
OUTPUT = Subject("lstm", "output_gate", reference.output_gate, named("X H W_xo W_ho b_o"))
CANDIDATE = Subject(
    "lstm", "candidate_memory", reference.candidate_memory, named("X H W_xc W_hc b_c")
)
MEMORY = Subject("lstm", "next_memory", reference.next_memory, memory)
STATE = Subject("lstm", "next_state", reference.next_state, output)
LSTM = Subject("lstm", "lstm", reference.lstm, whole, wrap=result, labels={"params": NAMES})

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [INPUT, FORGET, OUTPUT, CANDIDATE, MEMORY, STATE, LSTM]
)
check_saturation = gate_saturation([INPUT, FORGET, OUTPUT])
check_bounds = gate_saturation([CANDIDATE], low=-1.0)
(check_dependence, check_sequences, check_split, check_causality, check_batch, check_readout) = (
    loop_checks([LSTM])
)
check_growth, check_waits, check_budget = cost_checks([LSTM])
check_speed = timing_check([Race(LSTM, "lstm.lstm", 2, 4, LARGE, GUARD)])


def _shapes(d: int, h: int, q: int) -> list[tuple[int, ...]]:
    return [(d, h), (h, h), (h,)] * 4 + [(h, q), (q,)]


globals().update(with_fixture(parameter_checks(NAMES, _shapes), "lstm"))
globals().update(with_fixture(state_checks("init_lstm_state", 2, state_sizes), "lstm"))


@over(memory)
def check_next_memory_ends(lstm, case: Case) -> None:
    """F = 1, I = 0 keeps the memory; F = 0, I = 1 replaces it."""
    under = MEMORY.under(lstm.submission)
    one, zero = torch.ones_like(case["F"]), torch.zeros_like(case["F"])
    answer, (matrix,) = ask(under, case, F=one, I=zero)
    agree_tensor(answer, matrix, case["C"], "memory_keeps")
    answer, (matrix,) = ask(under, case, F=zero, I=one)
    agree_tensor(answer, matrix, case["C_tilde"], "memory_takes")


@over(output)
def check_next_state_bounds(lstm, case: Case) -> None:
    """The state lies between −1 and 1 however large the memory, and O = 0 hides the memory."""
    under = STATE.under(lstm.submission)
    one = torch.ones_like(case["O"])
    answer, (matrix,) = ask(under, case, O=one, C=case["C"].sign() * FAR)
    agree_tensor(answer, matrix, case["C"].sign(), "state_bounds")
    answer, (matrix,) = ask(under, case, O=0 * one)
    agree_tensor(answer, matrix, 0 * matrix, "state_hidden")


@over(whole, 4)
def check_lstm_keeps(lstm, case: Case) -> None:
    """Forget gate open and input gate shut: the memory comes out as it went in."""
    under = LSTM.under(lstm.submission)
    params = list(case["params"])
    params[B_F] = torch.full_like(params[B_F], FAR)
    params[B_I] = torch.full_like(params[B_I], -FAR)
    answer, matrices = ask(under, case, params=params)
    memory_after = matrices[-1]
    agree_tensor(answer, memory_after, case["state"][1], "lstm_keeps")
    params[B_O] = torch.full_like(params[B_O], FAR)
    answer, matrices = ask(under, case, params=params)
    agree_tensor(answer, matrices[-2], torch.tanh(case["state"][1]), "lstm_shows")
    params[B_F], params[B_I] = params[B_I], params[B_F]
    params[B_C] = torch.full_like(params[B_C], FAR)
    answer, matrices = ask(under, case, params=params)
    agree_tensor(answer, matrices[-1], torch.ones_like(memory_after), "lstm_takes")
