"""Forwards with everything kept, then backwards line by line."""

import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    T = len(inputs)
    hs = {-1: H}
    for t in range(T):
        hs[t] = torch.tanh(inputs[t] @ W_xh + hs[t - 1] @ W_hh + b_h)
    dW_xh = torch.zeros_like(W_xh)
    dW_hh = torch.zeros_like(W_hh)
    db_h = torch.zeros_like(b_h)
    dX = [None] * T
    dnext = torch.zeros_like(H)
    for t in range(T - 1, -1, -1):
        dh = grad_states[t] + dnext
        da = (1 - hs[t] * hs[t]) * dh
        dW_xh = dW_xh + inputs[t].T @ da
        dW_hh = dW_hh + hs[t - 1].T @ da
        db_h = db_h + da.sum(0)
        dX[t] = da @ W_xh.T
        dnext = da @ W_hh.T
    return dX, dnext, dW_xh, dW_hh, db_h


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    RH = R * H
    C = torch.tanh(X @ W_xh + RH @ W_hh + b_h)
    dC = grad_next * (1 - Z)
    dZ = grad_next * H - grad_next * C
    dH = grad_next * Z
    dac = dC * (1 - C**2)
    dX = dac @ W_xh.T
    dRH = dac @ W_hh.T
    dW_xh, dW_hh, db_h = X.T @ dac, RH.T @ dac, dac.sum(0)
    dR = dRH * H
    dH = dH + dRH * R
    dar = dR * R * (1 - R)
    dX = dX + dar @ W_xr.T
    dH = dH + dar @ W_hr.T
    dW_xr, dW_hr, db_r = X.T @ dar, H.T @ dar, dar.sum(0)
    daz = dZ * Z * (1 - Z)
    dX = dX + daz @ W_xz.T
    dH = dH + daz @ W_hz.T
    dW_xz, dW_hz, db_z = X.T @ daz, H.T @ daz, daz.sum(0)
    return dX, dH, dW_xz, dW_hz, db_z, dW_xr, dW_hr, db_r, dW_xh, dW_hh, db_h


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    hs = [H]
    for X in inputs:
        hs.append(torch.tanh(X @ W_xh + hs[-1] @ W_hh + b_h))
    J = torch.eye(W_hh.shape[0], dtype=W_hh.dtype, device=W_hh.device)
    norms = []
    for h in hs[:0:-1]:
        J = J @ torch.diag(1 - h[0] ** 2) @ W_hh.T
        norms.append(torch.linalg.svdvals(J)[0].item())
    norms.reverse()
    return norms
