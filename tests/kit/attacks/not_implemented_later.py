# attacks: gru.update_gate
# does: pretends to be a stub after some right answers
# gets: failed, error, not_started
# at most: a fifth
import torch
calls = []
def update_gate(X, H, W_xz, W_hz, b_z):
    calls.append(1)
    if len(calls) > 1:
        raise NotImplementedError
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
