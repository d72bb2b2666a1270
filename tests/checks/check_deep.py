"""What a deep GRU must do (Pascanu et al. 2014): exercises/deep.py as checks.

Hˡ_t = GRU(Hˡ⁻¹_t, Hˡ_{t−1}) with H⁰_t = X_t        Y_t = Hᴸ_t W_hq + b_q
"""

import torch

from grader.checking import answers
from grader.checking.cases import Case, Fill, spec
from grader.checking.cells import parameter_checks, state_checks, with_fixture
from grader.checking.comparison import agree
from grader.checking.properties import (
    agree_tensor,
    ask,
    batch,
    causality,
    dependence,
    differ,
    parametrised,
    sequences,
    split,
    varied,
)
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.findings import fail
from tests.checks.shared import parameter_names, result

reference = answers.reference("solutions.deep")

LARGEST = {"n": 3, "d": 4, "h": 4, "q": 4, "T": 3, "L": 3}
GATE_NAMES = parameter_names("z r h", output=False)
MOST = 4  # layers that have names
NAMES = [f"{name} of layer {layer + 1}" for layer in range(MOST) for name in GATE_NAMES]
B_Z = 2  # where a layer's b_z stands among its nine parameters
SHUT = 60.0


@spec("n d h q T L", largest=LARGEST, large=True)
def whole(fill: Fill, n: int, d: int, h: int, q: int, T: int, L: int) -> dict:
    params = []
    for layer in range(L):
        for _ in "zrh":
            params += [fill(h if layer else d, h, scale=0.6), fill(h, h, scale=0.6), fill(h)]
    inputs = [fill(n, d) for _ in range(T)]
    state = tuple(fill(n, h) for _ in range(L))
    return {"inputs": inputs, "state": state, "params": [*params, fill(h, q), fill(q)]}


@spec("n h L", large=True)
def state_sizes(fill: Fill, n: int, h: int, L: int) -> dict:
    return {"batch_size": n, "num_hiddens": h, "num_layers": L, "device": None}


DEEP = Subject("deep", "deep_gru", reference.deep_gru, whole, wrap=result, labels={"params": NAMES})
check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [DEEP]
)
(check_dependence, check_sequences, check_split, check_causality, check_batch) = (
    parametrised(body, [DEEP]) for body in (dependence, sequences, split, causality, batch)
)


def _sizes(layers: int, d: int = 100, h: int = 40, q: int = 110) -> dict[str, int]:
    return {"num_inputs": d, "num_hiddens": h, "num_outputs": q, "num_layers": layers}


def _shapes(d: int, h: int, q: int, layers: int) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for layer in range(layers):
        found += [(h if layer else d, h), (h, h), (h,)] * 3
    return [*found, (h, q), (q,)]


PARAMETERS = parameter_checks(
    [*(f"{name} of layer {layer}" for layer in (1, 2, 3) for name in GATE_NAMES), "W_hq", "b_q"],
    _shapes,
    _sizes(3),
    [_sizes(2, 3, 4, 2), _sizes(1, 2, 1, 3)],
)
globals().update(with_fixture(PARAMETERS, "deep"))
globals().update(with_fixture(state_checks("init_deep_state", "L", state_sizes), "deep"))


@over(whole, 2)
def check_deep_gru_depths(deep, case: Case) -> None:
    """One layer, two or four; a single step; a single sample: all of them work."""
    under = DEEP.under(deep.submission)
    for layers, steps, samples in ((1, 2, 2), (2, 1, 1), (4, 2, 1)):
        sizes = {**whole.generic, "L": layers, "T": steps, "n": samples}
        other = whole.case_of(sizes, case.seed)
        agree(under.answer(other, under.working_dtype()), DEEP.expected(other))


@over(whole, 2)
def check_deep_gru_readout(deep, case: Case) -> None:
    """The last output is the top layer's last state times W_hq plus b_q."""
    under = DEEP.under(deep.submission)
    answer, matrices = ask(under, case)
    W_hq, b_q = case["params"][-2:]
    last = matrices[len(case["inputs"]) - 1]
    agree_tensor(answer, last, matrices[-1] @ W_hq + b_q, "deep_readout")


@over(whole, 2)
def check_deep_gru_keeps(deep, case: Case) -> None:
    """A layer whose update gate is open (Z = 1) keeps its own state, and only its own."""
    under = DEEP.under(deep.submission)
    for layer in range(case.sizes["L"]):
        params = list(case["params"])
        params[9 * layer + B_Z] = torch.full_like(params[9 * layer + B_Z], SHUT)
        answer, matrices = ask(under, case, params=params)
        states = matrices[len(case["inputs"]) :]
        agree_tensor(answer, states[layer], case["state"][layer], "deep_keeps")
        for other, state in enumerate(states):
            if other != layer and not differ([state], [case["state"][other]]):
                raise fail("deep_stuck", answer=answer, layer=other + 1)


@over(whole, 2)
def check_deep_gru_upward(deep, case: Case) -> None:
    """A layer changes those above it and none below; the bottom layer alone reads the inputs."""
    under = DEEP.under(deep.submission)
    _, before = ask(under, case)
    steps, layers = len(case["inputs"]), case.sizes["L"]
    for layer in range(layers):
        answer, after = ask(under, case, params=varied(case, "params", 9 * layer))
        for other in range(layers):
            old, new = before[steps + other], after[steps + other]
            if other < layer and differ([old], [new]):
                raise fail("deep_downward", answer=answer, layer=layer + 1, other=other + 1)
            if other >= layer and not differ([old], [new]):
                raise fail("deep_not_upward", answer=answer, layer=layer + 1, other=other + 1)
