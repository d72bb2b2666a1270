"""What an LSTM with peepholes must do (Gers & Schmidhuber 2000): exercises/peephole.py.

I, F = σ(X W + H U + C ⊙ p + b), O likewise with the new memory C'
C' = F ⊙ C + I ⊙ tanh(X W_xc + H W_hc + b_c)        H' = O ⊙ tanh(C')
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, CaseSpec, Fill, spec
from grader.checking.cells import gate_saturation, state_checks, with_fixture
from grader.checking.properties import agree_tensor, ask, dependence, loop_checks, parametrised
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from tests.checks.shared import named, result, state_sizes

reference = answers.reference("solutions.peephole")

NAMES = "W_xi W_hi p_i b_i W_xf W_hf p_f b_f W_xo W_ho p_o b_o W_xc W_hc b_c W_hq b_q".split()
FAR = 60.0


@spec("n d h")
def looking(fill: Fill, n: int, d: int, h: int) -> dict:
    """Arguments of a gate with a peephole: X, H, C, W (d, h), U (h, h), p and b (h,)."""
    return {
        "X": fill(n, d),
        "H": fill(n, h),
        "C": fill(n, h, scale=1.5),
        "W_x": fill(d, h, scale=0.6),
        "W_h": fill(h, h, scale=0.6),
        "p": fill(h),
        "b": fill(h),
    }


@spec("n d h q T", large=True)
def whole(fill: Fill, n: int, d: int, h: int, q: int, T: int) -> dict:
    inputs = [fill(n, d) for _ in range(T)]
    state = (fill(n, h), fill(n, h))
    params = []
    for _ in range(3):
        params += [fill(d, h, scale=0.6), fill(h, h, scale=0.6), fill(h), fill(h, scale=0.7)]
    params += [fill(d, h, scale=0.6), fill(h, h, scale=0.6), fill(h, scale=0.7)]
    return {"inputs": inputs, "state": state, "params": [*params, fill(h, q), fill(q)]}


def gate(letter: str) -> CaseSpec:
    return named(f"X H C W_x{letter} W_h{letter} p_{letter} b_{letter}", looking)


INPUT = Subject("peephole", "input_gate", reference.input_gate, gate("i"))
FORGET = Subject("peephole", "forget_gate", reference.forget_gate, gate("f"))
OUTPUT = Subject("peephole", "output_gate", reference.output_gate, gate("o"))
LSTM = Subject(
    "peephole", "peephole_lstm", reference.peephole_lstm, whole, result, labels={"params": NAMES}
)
GATES = [INPUT, FORGET, OUTPUT]

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [*GATES, LSTM]
)
check_saturation = gate_saturation(GATES)
check_dependence = parametrised(dependence, [*GATES, LSTM])
_, check_sequences, check_split, check_causality, check_batch, check_readout = loop_checks([LSTM])
globals().update(with_fixture(state_checks("init_peephole_state", 2, state_sizes), "peephole"))


@over(whole, 4)
def check_peephole_lstm_keeps(peephole, case: Case) -> None:
    """Forget gate open and input gate shut: the memory comes out as it went in."""
    under = LSTM.under(peephole.submission)
    params = dict(zip(NAMES, case["params"], strict=True))
    params["b_f"] = torch.full_like(params["b_f"], FAR)
    params["b_i"] = -params["b_f"]
    answer, matrices = ask(under, case, params=list(params.values()))
    agree_tensor(answer, matrices[-1], case["state"][1], "lstm_keeps")


@over(whole, 4)
def check_peephole_lstm_looks(peephole, case: Case) -> None:
    """One step fills an empty memory, and a large p_o alone opens the output gate on it."""
    under = LSTM.under(peephole.submission)
    params = dict(zip(NAMES, case["params"], strict=True))
    params |= {name: torch.zeros_like(params[name]) for name in ("W_xo", "W_ho", "b_o")}
    params |= {name: torch.full_like(params[name], FAR) for name in ("b_i", "b_c", "p_o")}
    params["b_f"] = torch.full_like(params["b_f"], -FAR)
    state = (case["state"][0], -torch.ones_like(case["state"][1]))
    once = {"inputs": list(case["inputs"])[:1], "state": state, "params": list(params.values())}
    answer, matrices = ask(under, case, **once)
    agree_tensor(answer, matrices[-2], torch.tanh(torch.ones_like(state[1])), "lstm_shows")
