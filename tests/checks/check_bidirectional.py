"""What a bidirectional RNN must do (Schuster & Paliwal 1997): exercises/bidirectional.py as checks.

H→_t = tanh(X_t W_xh→ + H→_{t−1} W_hh→ + b_h→)    H←_t = tanh(X_t W_xh← + H←_{t+1} W_hh← + b_h←)
Y_t = [H→_t, H←_t] W_hq + b_q
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, Fill, spec
from grader.checking.cells import parameter_checks, state_checks, with_fixture
from grader.checking.properties import (
    agree_tensor,
    ask,
    batch,
    dependence,
    differ,
    parametrised,
    sequences,
    varied,
)
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.findings import fail
from tests.checks.shared import result, state_sizes

reference = answers.reference("solutions.bidirectional")

CELL = ("W_xh", "W_hh", "b_h")
NAMES = [f"{name} {way}" for way in ("forwards", "backwards") for name in CELL] + ["W_hq", "b_q"]


@spec("n d h q T", large=True)
def whole(fill: Fill, n: int, d: int, h: int, q: int, T: int) -> dict:
    params = []
    for _ in range(2):
        params += [fill(d, h, scale=0.6), fill(h, h, scale=0.6), fill(h, scale=0.7)]
    inputs = [fill(n, d) for _ in range(T)]
    state = (fill(n, h), fill(n, h))
    return {"inputs": inputs, "state": state, "params": [*params, fill(2 * h, q), fill(q)]}


BIRNN = Subject(
    "bidirectional", "birnn", reference.birnn, whole, wrap=result, labels={"params": NAMES}
)
check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [BIRNN]
)
(check_dependence, check_sequences, check_batch) = (
    parametrised(body, [BIRNN]) for body in (dependence, sequences, batch)
)


def _shapes(d: int, h: int, q: int) -> list[tuple[int, ...]]:
    return [(d, h), (h, h), (h,)] * 2 + [(2 * h, q), (q,)]


globals().update(with_fixture(parameter_checks(NAMES, _shapes), "bidirectional"))
globals().update(with_fixture(state_checks("init_birnn_state", 2, state_sizes), "bidirectional"))


def _one_way(case: Case, forwards: bool) -> list[torch.Tensor]:
    """The parameters with an output layer that sees one direction only."""
    *cells, W_hq, b_q = case["params"]
    h = case.sizes["h"]
    seen = torch.zeros_like(W_hq)
    half = slice(0, h) if forwards else slice(h, 2 * h)
    seen[half] = W_hq[half]
    return [*cells, seen, b_q]


@over(whole, 2)
def check_birnn_directions(bidirectional, case: Case) -> None:
    """The forward half of an output sees inputs up to its step, the backward half those from it."""
    under = BIRNN.under(bidirectional.submission)
    steps = len(case["inputs"])
    for forwards in (True, False):
        params = _one_way(case, forwards)
        _, before = ask(under, case, params=params)
        for step in range(steps):
            inputs = varied(case, "inputs", step)
            answer, after = ask(under, case, params=params, inputs=inputs)
            for other in range(steps):
                sees = other >= step if forwards else other <= step
                changed = differ(before[other : other + 1], after[other : other + 1])
                fields = {"step": step + 1, "other": other + 1}
                if changed and not sees:
                    code = "forward_sees_the_future" if forwards else "backward_sees_the_past"
                    raise fail(code, answer=answer, **fields)
                if sees and not changed:
                    code = "forward_misses" if forwards else "backward_misses"
                    raise fail(code, answer=answer, **fields)


@over(whole, 2)
def check_birnn_mirror(bidirectional, case: Case) -> None:
    """Read backwards with both directions exchanged, everything comes out backwards."""
    under = BIRNN.under(bidirectional.submission)
    _, matrices = ask(under, case)
    *cells, W_hq, b_q = case["params"]
    h, steps = case.sizes["h"], len(case["inputs"])
    swapped = [*cells[3:], *cells[:3], torch.cat([W_hq[h:], W_hq[:h]]), b_q]
    inputs, state = case["inputs"][::-1], tuple(case["state"])[::-1]
    answer, mirrored = ask(under, case, inputs=inputs, state=state, params=swapped)
    if steps > 1 and not differ(matrices[:1], matrices[steps - 1 : steps]):
        raise fail("constant", answer=answer)
    wanted = [*matrices[:steps][::-1], *matrices[steps:][::-1]]
    for actual, want in zip(mirrored, wanted, strict=True):
        agree_tensor(answer, actual, want, "mirror")


@over(whole, 2)
def check_birnn_readout(bidirectional, case: Case) -> None:
    """The returned states are those of the last output's forward half and the first's backward."""
    under = BIRNN.under(bidirectional.submission)
    *_, W_hq, b_q = case["params"]
    h, steps = case.sizes["h"], len(case["inputs"])
    answer, matrices = ask(under, case, params=_one_way(case, True))
    forwards = matrices[steps] @ W_hq[:h] + b_q
    agree_tensor(answer, matrices[steps - 1], forwards, "forward_readout")
    answer, matrices = ask(under, case, params=_one_way(case, False))
    backwards = matrices[steps + 1] @ W_hq[h:] + b_q
    agree_tensor(answer, matrices[0], backwards, "backward_readout")
