"""Plain loops over indices, buffers of one's own filled step by step."""

import torch


def gru_fast(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    T, n, h = len(inputs), H.shape[0], H.shape[1]
    X = H.new_empty(T, n, W_xz.shape[0])
    for t in range(T):
        X[t] = inputs[t]
    A = X.reshape(T * n, -1) @ torch.cat([W_xz, W_xr, W_xh], dim=1)
    A = (A + torch.cat([b_z, b_r, b_h])).reshape(T, n, 3 * h)
    U = torch.cat([W_hz, W_hr], dim=1)
    states = H.new_zeros(T, n, h)
    for t in range(T):
        a = A[t]
        g = torch.sigmoid(a[:, : 2 * h] + H @ U)
        Z = g[:, :h]
        R = g[:, h:]
        C = torch.tanh(a[:, 2 * h :] + (R * H) @ W_hh)
        H = Z * H + (1 - Z) * C
        states[t] = H
    return states.reshape(T * n, h) @ W_hq + b_q, (H,)


def lstm_fast(inputs, state, params):
    H, C = state[0], state[1]
    T, n, h = len(inputs), H.shape[0], H.shape[1]
    W = H.new_empty(params[0].shape[0], 4 * h)
    U = H.new_empty(h, 4 * h)
    b = H.new_empty(4 * h)
    for k in range(4):
        W[:, k * h : (k + 1) * h] = params[3 * k]
        U[:, k * h : (k + 1) * h] = params[3 * k + 1]
        b[k * h : (k + 1) * h] = params[3 * k + 2]
    X = torch.cat([inputs[t] for t in range(T)])
    A = (X @ W + b).reshape(T, n, 4 * h)
    states = H.new_zeros(T, n, h)
    for t in range(T):
        a = A[t] + H @ U
        g = torch.sigmoid(a[:, : 3 * h])
        C = g[:, h : 2 * h] * C + g[:, :h] * torch.tanh(a[:, 3 * h :])
        H = g[:, 2 * h :] * torch.tanh(C)
        states[t] = H
    return states.reshape(T * n, h) @ params[12] + params[13], (H, C)
