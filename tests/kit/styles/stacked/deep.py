"""One stacked tensor of all layers, outputs as one (T, n, q) tensor, parameters in a list."""

import torch
from torch import nn


def get_params(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    def gate(width):
        return [
            torch.normal(0, 0.01, (width, num_hiddens), device=device),
            torch.normal(0, 0.01, (num_hiddens, num_hiddens), device=device),
            torch.zeros(num_hiddens, device=device),
        ]

    params = []
    for layer in range(num_layers):
        for _ in range(3):
            params.extend(gate(num_inputs if layer == 0 else num_hiddens))
    params.append(torch.normal(0, 0.01, (num_hiddens, num_outputs), device=device))
    params.append(torch.zeros(num_outputs, device=device))
    for p in params:
        p.requires_grad_(True)
    return params


def init_deep_state(batch_size, num_hiddens, num_layers, device=None):
    return [torch.zeros(batch_size, num_hiddens, device=device) for _ in range(num_layers)]


def deep_gru(inputs, state, params):
    X = inputs if torch.is_tensor(inputs) else torch.stack(list(inputs))
    *cells, W_hq, b_q = params
    layers = [cells[i : i + 9] for i in range(0, len(cells), 9)]
    ends = []
    for H, (W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h) in zip(state, layers):
        az, ar, ah = X @ W_xz + b_z, X @ W_xr + b_r, X @ W_xh + b_h
        states = []
        for t in range(X.shape[0]):
            Z, R = torch.sigmoid(az[t] + H @ W_hz), torch.sigmoid(ar[t] + H @ W_hr)
            H = torch.lerp(torch.tanh(ah[t] + (R * H) @ W_hh), H, Z)
            states.append(H)
        X = torch.stack(states)
        ends.append(H)
    return X @ W_hq + b_q, ends
