"""unsqueeze and bmm: gates are a batch of their own, rows are (1, h) matrices."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    W_x = torch.empty(3, num_inputs, num_hiddens, device=device).normal_(std=0.01)
    W_h = torch.empty(3, num_hiddens, num_hiddens, device=device).normal_(std=0.01)
    params = []
    for gate in range(3):
        params.append(nn.Parameter(W_x[gate].clone()))
        params.append(nn.Parameter(W_h[gate].clone()))
        params.append(nn.Parameter(torch.zeros(num_hiddens, device=device)))
    W_hq = torch.empty(num_hiddens, num_outputs, device=device).normal_(std=0.01)
    return nn.ParameterList(
        params + [nn.Parameter(W_hq), nn.Parameter(torch.zeros(num_outputs, device=device))]
    )


def init_gru_state(batch_size, num_hiddens, device=None):
    return (torch.zeros(batch_size, num_hiddens, device=device),)


def rows_times(X, W):
    """X @ W, a row at a time: (n, 1, d) times (n, d, h)."""
    n = X.shape[0]
    return torch.bmm(X.unsqueeze(1), W.unsqueeze(0).expand(n, -1, -1)).squeeze(1)


def reset_gate(X, H, W_xr, W_hr, b_r):
    return (rows_times(X, W_xr) + rows_times(H, W_hr) + b_r.unsqueeze(0)).sigmoid()


def update_gate(X, H, W_xz, W_hz, b_z):
    return (rows_times(X, W_xz) + rows_times(H, W_hz) + b_z.unsqueeze(0)).sigmoid()


def candidate_state(X, H, R, W_xh, W_hh, b_h):
    return (rows_times(X, W_xh) + rows_times(R * H, W_hh) + b_h.unsqueeze(0)).tanh()


def next_state(Z, H, H_tilde):
    weights = torch.stack([Z, 1 - Z], dim=-1).unsqueeze(-2)  # (n, h, 1, 2)
    values = torch.stack([H, H_tilde], dim=-1).unsqueeze(-1)  # (n, h, 2, 1)
    return (weights @ values).squeeze(-1).squeeze(-1)


def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    W_x, W_h = torch.stack([W_xz, W_xr]), torch.stack([W_hz, W_hr])
    b = torch.stack([b_z, b_r]).unsqueeze(1)
    (H,) = state
    outputs = []
    for X in inputs:
        Z, R = torch.sigmoid(torch.matmul(X, W_x) + torch.matmul(H, W_h) + b)
        H = Z * H + (1 - Z) * candidate_state(X, H, R, W_xh, W_hh, b_h)
        outputs.append((H.unsqueeze(1) @ W_hq).squeeze(1) + b_q)
    return outputs, (H,)
