"""Which term is missing in a gradient that was worked out by hand.

Each variant below is the right computation with one term left out. If the wrong part of an answer
is what exactly one of them gives, on two cases, the term's name is part of the message.
"""

from collections.abc import Callable, Mapping

import torch

from grader.checking.cases import Case
from grader.checking.comparison import compare, tolerance_for
from grader.checking.subjects import SubjectUnderCheck, returned_tensors
from grader.findings import CheckStopped


def _rnn(without: str) -> Callable:
    def backward(inputs, H, W_xh, W_hh, b_h, grad_states):
        states = [H]
        for X in inputs:
            states.append(torch.tanh(X @ W_xh + states[-1] @ W_hh + b_h))
        carried, grad_inputs = torch.zeros_like(H), []
        sums = [torch.zeros_like(W) for W in (W_xh, W_hh, b_h)]
        for t in reversed(range(len(inputs))):
            last = t == len(inputs) - 1
            grad = carried + (0 if without == "without_outside" and not last else grad_states[t])
            if without == "without_carried":
                grad = grad_states[t]
            if without != "without_slope":
                grad = grad * (1 - states[t + 1] ** 2)
            parts = (inputs[t].T @ grad, states[t].T @ grad, grad.sum(dim=0))
            fresh = without == "without_sum_first" or (without == "without_sum_last" and last)
            if fresh or without not in ("without_sum_first", "without_sum_last"):
                sums = [part if fresh else s + part for s, part in zip(sums, parts, strict=True)]
            grad_inputs.insert(0, grad @ W_xh.T)
            carried = grad @ W_hh.T
        return (grad_inputs, carried, *sums)

    return backward


def _gru(without: str) -> Callable:
    def backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        slope_z, slope_r, slope_h = Z * (1 - Z), R * (1 - R), 1 - H_tilde**2
        if without == "without_slope":
            slope_z, slope_r, slope_h = (torch.ones_like(s) for s in (slope_z, slope_r, slope_h))
        if without == "without_gate_slope":
            slope_z, slope_r = torch.ones_like(slope_z), torch.ones_like(slope_r)
        if without == "without_tanh_slope":
            slope_h = torch.ones_like(slope_h)
        a_z = grad_next * (H - H_tilde) * slope_z
        a_h = grad_next * (1 - Z) * slope_h
        mixed = a_h @ W_hh.T
        a_r = mixed * H * slope_r
        if without == "without_reset_path":
            a_r = torch.zeros_like(a_r)
        if without == "without_update_path":
            a_z = torch.zeros_like(a_z)
        direct = 0 if without == "without_direct_path" else grad_next * Z
        through = 0 if without == "without_candidate_path" else mixed * R
        grads = [a_z @ W_xz.T + a_r @ W_xr.T + a_h @ W_xh.T]
        grads.append(direct + through + a_r @ W_hr.T + a_z @ W_hz.T)
        for a, state in ((a_z, H), (a_r, H), (a_h, R * H)):
            grads += [X.T @ a, state.T @ a, a.sum(dim=0)]
        return tuple(grads)

    return backward


RNN: Mapping[str, Callable] = {
    name: _rnn(name)
    for name in (
        "without_slope",
        "without_carried",
        "without_outside",
        "without_sum_first",
        "without_sum_last",
    )
}
GRU: Mapping[str, Callable] = {
    name: _gru(name)
    for name in (
        *(
            "without_direct_path",
            "without_candidate_path",
            "without_reset_path",
            "without_update_path",
        ),
        *("without_slope", "without_gate_slope", "without_tanh_slope"),
    )
}


def missing(
    under: SubjectUnderCheck, case: Case, number: int, variants: Mapping[str, Callable]
) -> str | None:
    """The code of the one term without which part ``number`` comes out as the submission's.

    Part by part, so that two missing terms are each found where they show alone. None if no variant
    fits, or if several do that differ.
    """
    cases = [case, under.generic_case, under.subject.spec.generic_case(case.seed + 1)]
    fitting = set(variants)
    for each in cases:
        try:
            answer = under.answer(each, under.working_dtype())
        except CheckStopped:
            return None
        value = answer.value
        if not isinstance(value, (list, tuple)) or len(value) <= number:
            return None
        found = returned_tensors(value[number])
        tolerance = tolerance_for(answer) * 10
        for name in list(fitting):
            wanted = variants[name](*each.arguments.values())[number]
            wanted = wanted if isinstance(wanted, list) else [wanted]
            same = len(found) == len(wanted) and all(
                left.shape == tuple(right.shape) and compare("", left, right, tolerance) is None
                for left, right in zip(found, wanted, strict=True)
            )
            if not same:
                fitting.discard(name)
    return fitting.pop() if len(fitting) == 1 else None
