"""Gradients by autograd, and gradients in which one term is missing, for check_bptt.py.

Each variant is the right computation with one term left out (``bptt_terms.py`` says why).
"""

from collections.abc import Callable

import torch

from solutions import gru
from solutions.rnn import rnn_step


def _leaves(*tensors: torch.Tensor) -> list[torch.Tensor]:
    return [tensor.detach().clone().requires_grad_() for tensor in tensors]


@torch.enable_grad()
def rnn_gradients(inputs, H, W_xh, W_hh, b_h, grad_states) -> tuple:
    """What ``rnn_backward`` must return, by autograd."""
    leaves = _leaves(*inputs, H, W_xh, W_hh, b_h)
    *steps, state, W_xh, W_hh, b_h = leaves
    total = torch.zeros((), dtype=H.dtype)
    for X, outside in zip(steps, grad_states, strict=True):
        state = rnn_step(X, state, W_xh, W_hh, b_h)
        total = total + (state * outside).sum()
    *grad_inputs, grad_H, grad_W_xh, grad_W_hh, grad_b_h = torch.autograd.grad(total, leaves)
    return grad_inputs, grad_H, grad_W_xh, grad_W_hh, grad_b_h


@torch.enable_grad()
def gru_gradients(*arguments: torch.Tensor) -> tuple:
    """What ``gru_step_backward`` must return, by autograd."""
    leaves = _leaves(*arguments[:11])
    X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = leaves
    Z, R = gru.update_gate(X, H, W_xz, W_hz, b_z), gru.reset_gate(X, H, W_xr, W_hr, b_r)
    H_next = gru.next_state(Z, H, gru.candidate_state(X, H, R, W_xh, W_hh, b_h))
    return torch.autograd.grad((H_next * arguments[11]).sum(), leaves)


@torch.no_grad()
def state_gradient_norms(inputs, H, W_xh, W_hh, b_h) -> list[float]:
    """The spectral norms of ∂H_T/∂H_t."""
    states = [H]
    for X in inputs:
        states.append(rnn_step(X, states[-1], W_xh, W_hh, b_h))
    norms, jacobian = [], torch.eye(len(W_hh), dtype=torch.float64)
    for state in reversed(states[1:]):
        jacobian = jacobian @ torch.diag(1 - state[0] ** 2) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


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


def rnn_variant(without: str, *arguments) -> tuple:
    """What ``rnn_backward`` gives without a term."""
    return _rnn(without)(*arguments)


def gru_variant(without: str, *arguments) -> tuple:
    """What ``gru_step_backward`` gives without a term."""
    return _gru(without)(*arguments)
