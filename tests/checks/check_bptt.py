"""What back-propagation by hand must give (Werbos 1990): exercises/bptt.py as checks.

Expected gradients come from autograd, in float64, on this side; the submission runs without it.
"""

import collections

import torch

from grader.checking import answers
from grader.checking.by_hand import require_by_hand
from grader.checking.cases import Case, Fill, spec
from grader.checking.comparison import agree
from grader.checking.properties import agree_tensor, ask, differ
from grader.checking.running import USUAL_REACH, over
from grader.checking.standard import standard
from grader.checking.subjects import Subject
from grader.findings import CheckStopped, fail
from grader.nested import cast
from grader.submission import Function
from tests.checks import bptt_terms
from tests.checks.norms import agree_norms, norms_of

reference = answers.reference("tests.checks.reference_bptt")

RNN_NAMES = ("grad_inputs", "grad_H", "grad_W_xh", "grad_W_hh", "grad_b_h")
GRU_ARGUMENTS = "X H W_xz W_hz b_z W_xr W_hr b_r W_xh W_hh b_h".split()
RnnGradients = collections.namedtuple("RnnGradients", RNN_NAMES)
GruGradients = collections.namedtuple("GruGradients", [f"grad_{name}" for name in GRU_ARGUMENTS])


@spec("n d h T", large=True)
def chain(fill: Fill, n: int, d: int, h: int, T: int) -> dict:
    """A tanh RNN over T steps, and the gradients that reach its states from outside."""
    return {
        "inputs": [fill(n, d) for _ in range(T)],
        "H": fill(n, h, scale=0.5),
        "W_xh": fill(d, h, scale=0.5),
        "W_hh": fill(h, h, scale=0.5),
        "b_h": fill(h, scale=0.5),
        "grad_states": [fill(n, h) for _ in range(T)],
    }


@spec("n d h", large=True)
def step(fill: Fill, n: int, d: int, h: int) -> dict:
    """One GRU step, and the gradient of its new state."""
    found = {"X": fill(n, d), "H": fill(n, h)}
    for gate in "zrh":
        weights = (fill(d, h, scale=0.5), fill(h, h, scale=0.5), fill(h, scale=0.5))
        found.update(zip((f"W_x{gate}", f"W_h{gate}", f"b_{gate}"), weights, strict=True))
    found["W_hh"], found["grad_next"] = found.pop("W_hh"), fill(n, h)
    return {name: found[name] for name in (*GRU_ARGUMENTS, "grad_next")}


@spec("d h T", large=True)
def single(fill: Fill, d: int, h: int, T: int) -> dict:
    """A tanh RNN over one sequence."""
    return {
        "inputs": [fill(1, d, scale=0.5) for _ in range(T)],
        "H": fill(1, h, scale=0.5),
        "W_xh": fill(d, h, scale=0.5),
        "W_hh": fill(h, h, scale=0.7),
        "b_h": fill(h, scale=0.25),
    }


RNN = Subject(
    "bptt",
    "rnn_backward",
    reference.rnn_gradients,
    chain,
    wrap=RnnGradients._make,
    differentiable=False,
)
GRU = Subject(
    "bptt",
    "gru_step_backward",
    reference.gru_gradients,
    step,
    wrap=GruGradients._make,
    differentiable=False,
)
RNN.checks = GRU.checks = ("shape", "precision", "purity", "device")
check_shape, _, check_precision, _, check_purity, check_device = standard([RNN, GRU])


BEFORE = {  # a small call of each, and how many numbers its tanh and σ give forwards
    "rnn_backward": (chain, {"n": 3, "d": 4, "h": 8, "T": 4}, 3 * 8 * 4),
    "gru_step_backward": (step, {"n": 3, "d": 4, "h": 8, "T": 1}, 3 * 3 * 8),
    "state_gradient_norms": (single, {"d": 4, "h": 24, "T": 4}, 24 * 4),
}


def precondition(function: Function) -> None:
    """No numerical derivatives, and none of torch's own: asked before every check."""
    cases, sizes, enough = BEFORE[function.name]
    small = cases.case_of(sizes, cases.seed(function.exercise.submission.seed))
    require_by_hand(function, small.arguments, enough, sizes["T"])


def _values(subject: Subject, submission, case: Case, variants: tuple[str, ...]) -> None:
    """Values as everywhere; where they are wrong, say which term is missing if that can be told."""
    under = subject.under(submission)
    answer = under.answer(case, under.working_dtype())
    names = subject.expected(case)._fields
    if answers.book().recording and case.reach < USUAL_REACH:
        bptt_terms.learn(case, variants)
    try:
        agree(answer, subject.expected(case))
    except CheckStopped as stopped:
        finding = stopped.finding
        if finding.code == "values":
            part = finding.fields["part"].split("[")[0]
            number = names.index(part)
            small = case if case.reach < USUAL_REACH else under.generic_case
            finding.code = bptt_terms.missing(under, small, number, variants) or "values"
        raise


@over(chain)
def check_rnn_backward_values(bptt, case: Case) -> None:
    """Every gradient is autograd's."""
    _values(RNN, bptt.submission, case, bptt_terms.RNN)


@over(step)
def check_gru_step_backward_values(bptt, case: Case) -> None:
    """Every gradient is autograd's."""
    _values(GRU, bptt.submission, case, bptt_terms.GRU)


@over(chain, 4)
def check_rnn_backward_sequences(bptt, case: Case) -> None:
    """Inputs and outside gradients may come as lists, tuples or tensors."""
    under = RNN.under(bptt.submission)
    dtype, expected = under.working_dtype(), RNN.expected(case)
    agree(under.answer(case, dtype), expected)
    for form in (tuple, torch.stack):
        changed = {name: form(case[name]) for name in ("inputs", "grad_states")}
        agree(under.ask(case.replace(**changed), dtype), expected)


def _linear(subject: Subject, submission, case: Case, name: str) -> None:
    under = subject.under(submission)
    answer, once = ask(under, case)
    outside = case[name]
    many = isinstance(outside, list)
    doubled = [3 * grad for grad in outside] if many else 3 * outside
    silent = [torch.zeros_like(g) for g in outside] if many else torch.zeros_like(outside)
    if not differ(once, [torch.zeros_like(matrix) for matrix in once]):
        raise fail("gradients_vanish", answer=answer)
    for factor, changed in ((3.0, doubled), (0.0, silent)):
        answer, found = ask(under, case, **{name: changed})
        for actual, single_one in zip(found, once, strict=True):
            agree_tensor(answer, actual, factor * single_one, "not_linear")


@over(chain, 4)
def check_rnn_backward_linear(bptt, case: Case) -> None:
    """Three times the outside gradient, three times every gradient; none of it, none."""
    _linear(RNN, bptt.submission, case, "grad_states")


@over(step, 4)
def check_gru_step_backward_linear(bptt, case: Case) -> None:
    """Three times the gradient of the new state, three times every gradient; none of it, none."""
    _linear(GRU, bptt.submission, case, "grad_next")


@over(chain, 4)
def check_rnn_backward_last(bptt, case: Case) -> None:
    """With an outside gradient at the last step alone, it still reaches the first input and H."""
    under = RNN.under(bptt.submission)
    quiet = [torch.zeros_like(grad) for grad in case["grad_states"]]
    quiet[-1] = case["grad_states"][-1]
    changed = case.replace(grad_states=quiet)
    agree(under.ask(changed, under.working_dtype()), RNN.expected(changed), code="not_carried")


def _expected_norms(case: Case) -> list[float]:
    return reference.state_gradient_norms(*case.arguments.values())


@over(single)
def check_state_gradient_norms_shape(bptt, case: Case) -> None:
    """T floats, from the first state to the last but one."""
    norms_of(bptt.state_gradient_norms.ask(case.arguments), len(case["inputs"]))


@over(single)
def check_state_gradient_norms_values(bptt, case: Case) -> None:
    """Each is the largest singular value of ∂H_T/∂H_t."""
    answer = bptt.state_gradient_norms.ask(case.arguments)
    agree_norms(answer, _expected_norms(case), "values")


@over(single, 4)
def check_state_gradient_norms_geometric(bptt, case: Case) -> None:
    """With inputs and states at zero and W_hh = s·Q, Q orthogonal, they are s^(T−t)."""
    h, steps = case.sizes["h"], len(case["inputs"])
    orthogonal, _ = torch.linalg.qr(case["W_hh"] + torch.eye(h, dtype=torch.float64) * 4)
    zeros = {name: torch.zeros_like(case[name]) for name in ("H", "b_h")}
    inputs = [torch.zeros_like(X) for X in case["inputs"]]
    for factor in (0.5, 2.0):
        changed = case.replace(**zeros, inputs=inputs, W_hh=factor * orthogonal)
        answer = bptt.state_gradient_norms.ask(changed.arguments)
        agree_norms(answer, [factor ** (steps - t) for t in range(steps)], "geometric")


@over(single, 1, whole=True)
def check_state_gradient_norms_precision(bptt, case: Case) -> None:
    """float32 and float64 both work, off the grid."""
    for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 2e-5)):
        fine = single.fine(case, dtype)
        answer = bptt.state_gradient_norms.ask(cast(fine.arguments, dtype))
        agree_norms(answer, _expected_norms(fine), "precision", tolerance)


@over(single, 4)
def check_state_gradient_norms_purity(bptt, case: Case) -> None:
    """No argument changes, and the same arguments give the same norms later on."""
    answer = bptt.state_gradient_norms.ask(case.arguments, report_arguments=True)
    if answer.mutated:
        raise fail("mutated", answer=answer, arguments=", ".join(answer.mutated))
    first = norms_of(answer, len(case["inputs"]))
    bptt.state_gradient_norms.ask(single.generic_case(case.seed + 1).arguments)
    again = bptt.state_gradient_norms.ask(case.arguments)
    agree_norms(again, first, "memory")
