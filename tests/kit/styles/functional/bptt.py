"""Recursion over time: each step returns what the one before it needs."""

import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    def go(t, H):
        if t == len(inputs):
            return (
                [],
                torch.zeros_like(H),
                torch.zeros_like(W_xh),
                torch.zeros_like(W_hh),
                torch.zeros_like(b_h),
            )
        new = torch.tanh(torch.addmm(b_h, inputs[t], W_xh) + H.mm(W_hh))
        later, carried, A, B, c = go(t + 1, new)
        delta = (carried + grad_states[t]).mul(1 - new.pow(2))
        return (
            [delta.mm(W_xh.t()), *later],
            delta.mm(W_hh.t()),
            A + inputs[t].t().mm(delta),
            B + H.t().mm(delta),
            c + delta.sum(dim=0),
        )

    return go(0, H)


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    sigmoid_slope = lambda y: y * (1 - y)
    tanh_slope = lambda y: 1 - y * y
    dense = lambda S, W, U, b: X @ W + S @ U + b
    weights = lambda S, d: (X.T @ d, S.T @ d, d.sum(0))
    Z, R = dense(H, W_xz, W_hz, b_z).sigmoid(), dense(H, W_xr, W_hr, b_r).sigmoid()
    C = dense(R * H, W_xh, W_hh, b_h).tanh()
    d3 = grad_next * (1 - Z) * tanh_slope(C)
    d1 = grad_next * (H - C) * sigmoid_slope(Z)
    d2 = (d3 @ W_hh.T) * H * sigmoid_slope(R)
    gX = sum(d @ W.T for d, W in ((d1, W_xz), (d2, W_xr), (d3, W_xh)))
    gH = sum((grad_next * Z, (d3 @ W_hh.T) * R, d1 @ W_hz.T, d2 @ W_hr.T))
    return (gX, gH) + weights(H, d1) + weights(H, d2) + weights(R * H, d3)


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    def go(xs, H):
        if len(xs) == 0:
            return torch.eye(H.shape[1], dtype=H.dtype, device=H.device), []
        new = torch.tanh(xs[0] @ W_xh + H @ W_hh + b_h)
        after, norms = go(xs[1:], new)
        J = after @ ((1 - new.T**2) * W_hh.T)
        return J, [torch.linalg.svdvals(J).max().item(), *norms]

    return go(inputs, H)[1]
