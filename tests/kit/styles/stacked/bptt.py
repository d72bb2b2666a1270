"""All gradients as stacked tensors; norms as one tensor's list."""

import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    X = inputs if isinstance(inputs, torch.Tensor) else torch.stack(tuple(inputs))
    G = grad_states if isinstance(grad_states, torch.Tensor) else torch.stack(tuple(grad_states))
    T, n, d = X.shape
    states = X.new_zeros(T + 1, *H.shape)
    states[0] = H
    for t in range(T):
        states[t + 1] = torch.tanh(X[t] @ W_xh + states[t] @ W_hh + b_h)
    delta = torch.zeros_like(states)
    for t in range(T, 0, -1):
        total = G[t - 1].clone()
        if t < T:
            total += delta[t + 1] @ W_hh.T
        delta[t] = total * (1 - states[t] ** 2)
    flat = delta[1:].reshape(T * n, -1)
    return (
        delta[1:] @ W_xh.T,
        delta[1] @ W_hh.T,
        X.reshape(T * n, d).T @ flat,
        states[:-1].reshape(T * n, -1).T @ flat,
        flat.sum(0),
    )


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    W = torch.cat([W_xz, W_xr], 1)
    U = torch.cat([W_hz, W_hr], 1)
    gates = torch.sigmoid(X @ W + H @ U + torch.cat([b_z, b_r]))
    Z, R = gates.chunk(2, dim=1)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    d_c = grad_next * (1 - Z) * (1 - C * C)
    d_rh = d_c @ W_hh.T
    d_gates = torch.cat([grad_next * (H - C), d_rh * H], 1) * gates * (1 - gates)
    dW, dU, db = X.T @ d_gates, H.T @ d_gates, d_gates.sum(0)
    dX = d_gates @ W.T + d_c @ W_xh.T
    dH = grad_next * Z + d_rh * R + d_gates @ U.T
    h = H.shape[1]
    return (
        dX,
        dH,
        dW[:, :h],
        dU[:, :h],
        db[:h],
        dW[:, h:],
        dU[:, h:],
        db[h:],
        X.T @ d_c,
        (R * H).T @ d_c,
        d_c.sum(0),
    )


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    jacobians = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        jacobians.append((1 - H[0] ** 2).unsqueeze(1) * W_hh.T)
    for t in range(len(jacobians) - 2, -1, -1):
        jacobians[t] = jacobians[t + 1] @ jacobians[t]
    return torch.linalg.matrix_norm(torch.stack(jacobians), ord=2).tolist()
