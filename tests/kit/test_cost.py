"""What a call costs is counted right, and no submission can lie about it."""

import re

import pytest
import torch

from grader import misconceptions
from grader.checking import cost, cost_checks
from grader.checking.cost import SIZES, WIDER, Cost, reference_cost
from grader.findings import CheckStopped
from grader.referee.replay import Replay, replay
from grader.sandbox import recording
from tests.checks.check_gru import GRU
from tests.checks.check_rnn import RNN
from tests.kit.submissions import SOLUTIONS, with_source

COST = ("growth", "waits", "budget")


def recorded(function, *arguments):
    """The program of one call, after a way through bytes, and its constants."""
    tensors = [value for value in arguments if isinstance(value, torch.Tensor)]
    recorder = recording.Recorder(tensors)
    with recorder:
        result = function(*arguments)
    program = recorder.finish([result])
    return recording.unpack(recording.pack(program)), recorder.constants


def measures(function, *arguments):
    """What one call costs."""
    program, constants = recorded(function, *arguments)
    return Replay(program, list(arguments), constants).measures()


X, W, b = torch.ones(2, 3), torch.ones(3, 4), torch.ones(4)


def test_operations_are_counted_and_views_are_not():
    """X W + b is a product and a sum; to look at it in another way costs nothing."""
    found = measures(lambda X, W, b: (X @ W.t().t() + b).reshape(4, 2)[1:].unsqueeze(0), X, W, b)
    assert (found["operations"], found["products"], found["waits"]) == (2, 1, 0)


@pytest.mark.parametrize(
    "product",
    [
        lambda X, W, b: X @ W + b,
        lambda X, W, b: torch.addmm(b, X, W),
        lambda X, W, b: torch.nn.functional.linear(X, W.t(), b),
        lambda X, W, b: torch.einsum("nd,dh->nh", X, W),
        lambda X, W, b: b.repeat(2, 1).addmm_(X, W),
        lambda X, W, b: torch.bmm(X[None], W[None])[0],
    ],
)
def test_a_product_is_the_same_work_in_any_form(product):
    """2 · n · d · h floating-point operations, in one product."""
    found = measures(product, X, W, b)
    assert (found["products"], found["flops"]) == (1, 2 * 2 * 3 * 4)


def test_numbers_that_are_read_are_counted():
    """float() and `if` on a tensor wait for the device."""
    found = measures(lambda X: X * float(X.sum()) if X.max() > 0 else X, X)
    assert found["waits"] == 2


def test_memory_is_counted_at_its_peak():
    """What is let go before the next is made does not add up."""

    def one_by_one(X):
        for _ in range(10):
            X = X + 1
        return X

    nbytes = X.numel() * 4
    assert measures(one_by_one, X)["bytes"] == 2 * nbytes
    together = measures(lambda X: torch.stack([X + k for k in range(10)]).sum(0), X)
    assert together["bytes"] == 20 * nbytes


def test_nodes_of_the_graph_are_counted():
    """σ(X W + b): a product, a sum, a sigmoid and the leaves that gradients are gathered in."""
    leaves = [tensor.clone().requires_grad_() for tensor in (X, W, b)]
    assert measures(lambda X, W, b: torch.sigmoid(X @ W + b), *leaves)["nodes"] == 3 + 3


def test_a_program_gives_the_same_on_other_inputs():
    """It holds what was done, and none of the numbers."""
    program, constants = recorded(lambda X, W: torch.tanh(X @ W) * 0.5, X, W)
    others = [torch.randn(2, 3), torch.randn(3, 4)]
    packed = torch.frombuffer(bytearray(recording.pack(program)), dtype=torch.uint8)
    results, _ = replay(packed, others, constants)
    assert torch.equal(results[0], torch.tanh(others[0] @ others[1]) * 0.5)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x95\x90", b"\x90\x90"])
def test_what_is_no_program_is_refused(data):
    """Bytes from a worker are decoded strictly."""
    with pytest.raises(ValueError, match="not a program"):
        recording.unpack(data)


def test_a_program_that_is_too_long_is_counted_to_its_end():
    """The first steps are written down, all are counted."""

    def endless(X):
        for _ in range(recording.MOST_STEPS + 5):
            X = X + 1
        return X

    program, _ = recorded(endless, X)
    assert len(program.steps) == recording.MOST_STEPS
    assert program.operations == recording.MOST_STEPS + 5


def test_the_textbook_gru_takes_seven_products_a_step():
    """Two for each gate, two for the candidate, one for the output; twice the steps, twice all."""
    cost = reference_cost(GRU, SIZES)
    assert cost.products == 7 * SIZES["T"]
    longer = reference_cost(GRU, {**SIZES, "T": 8})
    assert (longer.products, longer.operations) == (2 * cost.products, 2 * cost.operations)
    assert reference_cost(GRU, WIDER).operations == cost.operations


@pytest.mark.parametrize("measure", cost_checks.BUDGET)
def test_every_part_of_the_budget_has_its_limit(monkeypatch, measure):
    """At the limit it passes, one more fails, and the message has the numbers."""
    reference = reference_cost(RNN, WIDER)
    code, factor = cost_checks.BUDGET[measure]
    under = type("Under", (), {"subject": RNN})
    most = int(getattr(reference, measure) * factor)
    for count in (most, most + 1):
        spent = Cost(**{**vars(reference), measure: count})
        monkeypatch.setattr(cost_checks, "cost_of", lambda under, sizes, spent=spent: spent)
        if count == most:
            cost_checks.budget(under)
            continue
        with pytest.raises(CheckStopped) as stopped:
            cost_checks.budget(under)
        assert stopped.value.finding.code == code
        assert stopped.value.finding.fields["count"] == f"{count:,}"


def lost(engine, tmp_path, source):
    """The checks of gru.gru that a file does not pass, with their findings' codes."""
    folder = with_source(tmp_path, "gru", source)
    graded = engine.grade(folder, ["gru"], 5, functions={"gru.gru"}, shrink=False)
    return {
        o.check.id.rpartition(".")[2]: o.finding.code
        for o in graded.outcomes.values()
        if o.finding and o.check.kind != "timing"
    }


def with_costly(trick: str) -> str:
    """The solution of gru with a loop over samples, ``costly``, and what calls it."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    versions = misconceptions.misconceptions("gru", "gru")
    (known,) = [m for m in versions if m.name == "sample_by_sample"]
    return f"{source}\n\n{re.sub('^def gru', 'def costly', known.source)}\n\n{trick}"


HONEST = "def gru(inputs, state, params):\n    return costly(inputs, state, params)\n"
FIND = 'import sys\nrecording = sys.modules["grader.sandbox.recording"]\n'
TRICKS = {
    "popped": """
def gru(inputs, state, params):
    modes = []
    while torch._C._len_torch_dispatch_stack():
        modes.append(torch._C._pop_torch_dispatch_stack())
    result = costly(inputs, state, params)
    for mode in reversed(modes):
        torch._C._push_on_torch_dispatch_stack(mode)
    return result
""",
    "disabled": """
def gru(inputs, state, params):
    with torch._C._DisableTorchDispatch():
        return costly(inputs, state, params)
""",
    "silenced": f"""{FIND}
def silent(self, func, types, args=(), kwargs=None):
    return func(*args, **(kwargs or {{}}))
recording.Recorder.__torch_dispatch__ = silent
{HONEST}""",
    "emptied": f"""{FIND}
recording.Recorder.finish = lambda self, results: recording.Program(
    results=[0] * len(results)
)
{HONEST}""",
    "results_as_constants": f"""{FIND}
def finish(self, results):
    self.constants = [tensor.detach().clone() for tensor in results]
    numbers = [len(self._kept) + index for index in range(len(results))]
    return recording.Program(constants=numbers, results=numbers)
recording.Recorder.finish = finish
{HONEST}""",
}
AWAY = {
    "cost_threads": """
import threading


def gru(inputs, state, params):
    found = []
    thread = threading.Thread(target=lambda: found.append(costly(inputs, state, params)))
    thread.start()
    thread.join()
    return found[0]
""",
    "cost_elsewhere": """
def gru(inputs, state, params):
    with torch._C._DisableTorchDispatch():
        outputs, (H,) = costly(inputs, state, params)
    inputs[0][0, 0].item()  # with a number that was read, other inputs were once not tried
    return [Y.detach().clone() for Y in outputs], (H.detach().clone(),)
""",
}
IN_NUMPY = """

class Hidden(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, W):
        ctx.save_for_backward(X, W)
        return torch.from_numpy(X.detach().numpy() @ W.detach().numpy())

    @staticmethod
    def backward(ctx, grad):
        X, W = ctx.saved_tensors
        return grad @ W.T, X.T @ grad


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs, at = state, [], Hidden.apply
    for X in inputs:
        Z = torch.sigmoid(at(X, W_xz) + at(H, W_hz) + b_z)
        R = torch.sigmoid(at(X, W_xr) + at(H, W_hr) + b_r)
        H = Z * H + (1 - Z) * torch.tanh(at(X, W_xh) + at(R * H, W_hh) + b_h)
        outputs.append(at(H, W_hq) + b_q)
    return outputs, (H,)
"""


def test_a_loop_over_samples_is_told_as_one(engine, tmp_path):
    """It fails for what it is, and for nothing else."""
    codes = lost(engine, tmp_path, with_costly(HONEST))
    assert codes == {"growth": "cost_batch", "budget": "cost_operations"}


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_who_hides_operations_gains_nothing(engine, tmp_path, trick):
    """A program that does not compute the function counts for nothing."""
    codes = lost(engine, tmp_path, with_costly(TRICKS[trick]))
    assert set(COST) <= set(codes), codes
    assert {codes[name] for name in COST} <= {"cost_unclear", "cost_elsewhere", "raised"}


@pytest.mark.parametrize("code", ["cost_threads", "cost_elsewhere"])
def test_who_computes_elsewhere_is_told(engine, tmp_path, code):
    """In a thread, or where a number that was read seems to excuse it: no cost, and why."""
    codes = lost(engine, tmp_path, with_costly(AWAY[code]))
    assert {codes.get(name) for name in COST} == {code}


def test_a_number_that_was_read_and_used_is_told(engine, tmp_path):
    """Its operations do something else for other arguments, so they can't be counted."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += (
        "\n\nhonest = gru\n\n\n"
        "def gru(inputs, state, params):\n"
        "    outputs, (H,) = honest(inputs, state, params)\n"
        "    size = outputs[0].detach().norm()\n"
        "    return [Y * size / float(size) for Y in outputs], (H,)\n"
    )
    codes = lost(engine, tmp_path, source)
    assert {codes.get(name) for name in COST} == {"cost_reads"}


def test_a_number_that_only_was_looked_at_costs_one_row(engine, tmp_path):
    """The operations are those of the function all the same; only the waits are too many."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += (
        "\n\nhonest = candidate_state\n\n\n"
        "def candidate_state(X, *others):\n"
        "    found = honest(X, *others)\n"
        "    if not X.is_meta and found.detach().max() > 2:\n"
        "        raise ValueError\n"
        "    return found\n"
    )
    assert lost(engine, tmp_path, source) == {"waits": "cost_waits"}


RENAMED = """
import sys
recording = sys.modules["grader.sandbox.recording"]


def operands(s):
    return s.positional, s.keywords, s.results


def pack(program, honest=recording.pack):
    program.steps = [
        recording.Step(s.name.replace("unsafe_split", "split_copy"), *operands(s))
        for s in program.steps
    ]
    return honest(program)


recording.pack = pack


def lstm_fast(inputs, state, params):
    p = list(params)
    W, U = (torch.cat([p[i + k] for i in (0, 3, 9, 6)], 1).T for k in (0, 1))
    b = torch.cat([p[i + 2] for i in (0, 3, 9, 6)])
    X = inputs if isinstance(inputs, torch.Tensor) else torch.stack(list(inputs))
    weights, start = [W, U, b, torch.zeros_like(b)], (state[0][None], state[1][None])
    Y, H, C = torch._VF.lstm(X, start, weights, True, 1, 0.0, False, False, False)
    return list(Y @ p[-2] + p[-1]), (H[0], C[0])
"""


def test_torchs_own_layer_is_not_to_be_had_where_it_counts(engine, tmp_path):
    """Whatever its operations are called in what the worker hands over."""
    source = (SOLUTIONS / "fast.py").read_text(encoding="utf-8") + RENAMED
    folder = with_source(tmp_path, "fast", source)
    graded = engine.grade(folder, ["fast"], 5, functions={"fast.lstm_fast"}, shrink=False)
    codes = {o.check.id: o.finding.code for o in graded.outcomes.values() if o.finding}
    assert codes.pop("fast.lstm_fast.one_product") == "cost_ready_made"
    assert set(codes) <= {"fast.lstm_fast.speed"}


def test_operations_are_what_they_are_whatever_a_program_calls_them():
    """A composite one counts as its parts, and what is no operation of torch's is refused."""
    L, R = recording.Literal, recording.Ref
    step = recording.Step("matmul.default", [R(0), R(1)], {}, [2])
    program = recording.Program([step], results=[2])
    assert Replay(program, [X, W], []).measures()["products"] == 1
    for name in ("matmul.__class__", "__init__.default", "matmul", "nothing.default", "mm.other"):
        program = recording.Program([recording.Step(name, [L(1)], {}, [2])])
        with pytest.raises(ValueError, match="no operation"):
            Replay(program, [X], [])


def test_each_function_has_a_referee_and_hidden_inputs_of_its_own(engine, catalog):
    """What one keeps busy is no other's, and no seed tells what a program is tried on."""
    submission = engine.open(SOLUTIONS, 5, catalog)
    functions = [submission.exercise("gru").function(name) for name in ("gru", "reset_gate")]
    referees = [cost._referee(function, "replay") for function in functions]
    assert referees[0] is not referees[1]
    assert cost._referee(functions[0], "replay") is referees[0]
    (shown, hidden), (again, other) = (cost._cases(GRU, SIZES, 5) for _ in range(2))
    assert shown.key == again.key and hidden.key != other.key
    submission.close()


def test_work_outside_torch_is_not_overlooked(engine, tmp_path):
    """Products that numpy makes are not among the operations, so the cost can't be told."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + IN_NUMPY
    codes = lost(engine, tmp_path, source)
    assert {codes.get(name) for name in COST} == {"cost_elsewhere"}


def test_a_constant_of_ones_own_is_no_reason_to_refuse(engine, tmp_path):
    """A tensor that was made when the file was loaded may be used, as long as it is one."""
    source = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    source += (
        "\n\nONE = torch.ones(1)\n\n\n"
        "def next_state(Z, H, H_tilde):\n    return Z * H + (ONE.to(Z) - Z) * H_tilde\n"
    )
    assert not set(COST) & set(lost(engine, tmp_path, source))
