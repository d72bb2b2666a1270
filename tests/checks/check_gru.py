"""What a GRU must do (Cho et al. 2014, in the notes' form): exercises/gru.py as checks.

R = σ(X W_xr + H W_hr + b_r)            Z = σ(X W_xz + H W_hz + b_z)
H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)   H' = Z ⊙ H + (1 − Z) ⊙ H̃
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, Fill, spec
from grader.checking.cells import gate_saturation, parameter_checks, state_checks, with_fixture
from grader.checking.cost_checks import cost_checks
from grader.checking.properties import agree_tensor, ask, differ, loop_checks
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.checking.timing import GUARD, LARGE, Race, timing_check
from grader.findings import fail
from tests.checks.shared import gate, loop, named, parameter_names, result, state_sizes

reference = answers.reference("solutions.gru")

NAMES = parameter_names("z r h")


@spec("n d h", large=True)
def candidate(fill: Fill, n: int, d: int, h: int) -> dict:
    X, H, W_xh, W_hh, b_h = gate.build(fill, n, d, h).values()
    R = fill.gates(n, h, shut=False)
    return {"X": X, "H": H, "R": R, "W_xh": W_xh, "W_hh": W_hh, "b_h": b_h}


@spec("n h", large=True)
def mixture(fill: Fill, n: int, h: int) -> dict:
    Z = fill.gates(n, h)
    return {"Z": Z, "H": fill(n, h), "H_tilde": (fill(n, h) * 0.25).clamp(-0.75, 0.75)}


whole = loop(states=1, gates=3)
RESET = Subject("gru", "reset_gate", reference.reset_gate, named("X H W_xr W_hr b_r"))
UPDATE = Subject("gru", "update_gate", reference.update_gate, named("X H W_xz W_hz b_z"))
CANDIDATE = Subject("gru", "candidate_state", reference.candidate_state, candidate)
NEXT = Subject("gru", "next_state", reference.next_state, mixture)
GRU = Subject("gru", "gru", reference.gru, whole, wrap=result, labels={"params": NAMES})

check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [RESET, UPDATE, CANDIDATE, NEXT, GRU]
)
check_saturation = gate_saturation([RESET, UPDATE])
check_bounds = gate_saturation([CANDIDATE], low=-1.0)
(check_dependence, check_sequences, check_split, check_causality, check_batch, check_readout) = (
    loop_checks([GRU])
)
check_growth, check_waits, check_budget = cost_checks([GRU])
check_speed = timing_check([Race(GRU, "gru.gru", 1, 3, LARGE, GUARD)])


def _shapes(d: int, h: int, q: int) -> list[tuple[int, ...]]:
    return [(d, h), (h, h), (h,)] * 3 + [(h, q), (q,)]


globals().update(with_fixture(parameter_checks(NAMES, _shapes), "gru"))
globals().update(with_fixture(state_checks("init_gru_state", 1, state_sizes), "gru"))


@over(candidate, 4)
def check_candidate_state_closed_reset(gru, case: Case) -> None:
    """R = 0 shuts the old state out, R = 1 lets it in."""
    under = CANDIDATE.under(gru.submission)
    other = case["H"] + 1
    shut = torch.zeros_like(case["R"])
    answer, (first,) = ask(under, case, R=shut)
    _, (second,) = ask(under, case, R=shut, H=other)
    if differ([first], [second]):
        raise fail("reset_leaks", answer=answer)
    opened = torch.ones_like(case["R"])
    answer, (first,) = ask(under, case, R=opened)
    _, (second,) = ask(under, case, R=opened, H=other)
    if not differ([first], [second]):
        raise fail("reset_shuts", answer=answer)


@over(mixture)
def check_next_state_ends(gru, case: Case) -> None:
    """Z = 1 keeps the old state, Z = 0 takes the candidate."""
    under = NEXT.under(gru.submission)
    for value, name in ((1.0, "H"), (0.0, "H_tilde")):
        answer, (matrix,) = ask(under, case, Z=torch.full_like(case["Z"], value))
        agree_tensor(answer, matrix, case[name], "mixture_keeps" if value else "mixture_takes")


@over(whole, 4)
def check_gru_keeps(gru, case: Case) -> None:
    """With b_z far above zero every step keeps the state; far below, none of it is left."""
    under = GRU.under(gru.submission)
    params = list(case["params"])
    params[2] = torch.full_like(params[2], 60.0)
    answer, matrices = ask(under, case, params=params)
    agree_tensor(answer, matrices[-1], case["state"][0], "gru_keeps")
    params[2] = torch.full_like(params[2], -60.0)
    params[8] = torch.full_like(params[8], 60.0)  # the candidate is 1, whatever it read
    answer, matrices = ask(under, case, params=params)
    agree_tensor(answer, matrices[-1], torch.ones_like(matrices[-1]), "gru_takes")
