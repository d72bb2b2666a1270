"""Typed, itertools.accumulate forwards, a named tuple of results."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Gradients(NamedTuple):
    inputs: list[Tensor]
    H: Tensor
    W_xh: Tensor
    W_hh: Tensor
    b_h: Tensor


def run(inputs: Sequence[Tensor], H: Tensor, W: Tensor, U: Tensor, b: Tensor) -> list[Tensor]:
    return list(itertools.accumulate(inputs, lambda h, x: (x @ W + h @ U + b).tanh(), initial=H))


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states) -> Gradients:
    states = run(inputs, H, W_xh, W_hh, b_h)
    backwards = zip(list(grad_states)[::-1], states[:0:-1])
    deltas: list[Tensor] = []
    for outside, state in backwards:
        total = outside if not deltas else outside + deltas[-1] @ W_hh.T
        deltas.append(total * (1 - state**2))
    deltas.reverse()
    return Gradients(
        [delta @ W_xh.T for delta in deltas],
        deltas[0] @ W_hh.T,
        torch.stack([x.T @ delta for x, delta in zip(inputs, deltas)]).sum(0),
        torch.stack([h.T @ delta for h, delta in zip(states, deltas)]).sum(0),
        torch.stack(deltas).sum((0, 1)),
    )


def gru_step_backward(X: Tensor, H: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
    z_params, r_params, h_params, (grad_next,) = rest[:3], rest[3:6], rest[6:9], rest[9:]

    def affine(params: Sequence[Tensor], S: Tensor) -> Tensor:
        W, U, b = params
        return torch.addmm(b, X, W).addmm(S, U)

    Z, R = affine(z_params, H).sigmoid(), affine(r_params, H).sigmoid()
    H_tilde = affine(h_params, R * H).tanh()
    d_h = grad_next * (1 - Z) * (1 - H_tilde**2)
    d_z = grad_next * (H - H_tilde) * Z * (1 - Z)
    d_RH = d_h @ h_params[1].T
    d_r = d_RH * H * R * (1 - R)
    pairs = ((d_z, z_params, H), (d_r, r_params, H), (d_h, h_params, R * H))
    grad_X = sum((d @ p[0].T for d, p, _ in pairs), torch.zeros_like(X))
    grad_H = grad_next * Z + d_RH * R + d_z @ z_params[1].T + d_r @ r_params[1].T
    return (grad_X, grad_H, *(g for d, _, S in pairs for g in (X.T @ d, S.T @ d, d.sum(0))))


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h) -> list[float]:
    states = run(inputs, H, W_xh, W_hh, b_h)
    factors = [torch.diag_embed(1 - s[0] ** 2) @ W_hh.T for s in states[1:]]
    products = itertools.accumulate(reversed(factors), torch.matmul)
    return [torch.linalg.svdvals(p).amax().item() for p in products][::-1]
