"""In-place sums into buffers of its own."""

import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    h, cache = H, []
    for X in inputs:
        before, h = h, torch.tanh(X @ W_xh + h @ W_hh + b_h)
        cache.append((X, before, h))
    gW, gU, gb = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(b_h)
    gX, gH = [], torch.zeros_like(H)
    for t, (X, before, after) in reversed(list(enumerate(cache))):
        gH += grad_states[t]
        gH *= 1 - after * after
        gW.addmm_(X.T, gH)
        gU.addmm_(before.T, gH)
        gb += gH.sum(dim=0)
        gX.append(gH @ W_xh.T)
        gH = gH @ W_hh.T
    gX.reverse()
    return tuple(gX), gH, gW, gU, gb


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = (X @ W_xz).add_(H @ W_hz).add_(b_z).sigmoid_()
    R = (X @ W_xr).add_(H @ W_hr).add_(b_r).sigmoid_()
    RH = R * H
    C = (X @ W_xh).add_(RH @ W_hh).add_(b_h).tanh_()
    gC = (1 - Z).mul_(grad_next).mul_(1 - C * C)
    gZ = (H - C).mul_(grad_next).mul_(Z).mul_(1 - Z)
    gRH = gC @ W_hh.T
    gR = gRH * H * R * (1 - R)
    gX = gZ @ W_xz.T
    gX += gR @ W_xr.T
    gX += gC @ W_xh.T
    gH = grad_next.clone()
    gH *= Z
    gH += gRH * R
    gH += gZ @ W_hz.T
    gH += gR @ W_hr.T
    return (
        gX,
        gH,
        X.T @ gZ,
        H.T @ gZ,
        gZ.sum(0),
        X.T @ gR,
        H.T @ gR,
        gR.sum(0),
        X.T @ gC,
        RH.T @ gC,
        gC.sum(0),
    )


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    T, h = len(inputs), H.shape[1]
    J = [torch.eye(h, dtype=H.dtype, device=H.device) for _ in range(T)]
    for s, X in enumerate(inputs):
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        for t in range(s + 1):
            J[t] = torch.diag(1 - H.view(-1) ** 2) @ W_hh.T @ J[t]
    return [torch.linalg.matrix_norm(j, ord=2).item() for j in J]
