# attacks: gru.update_gate
# does: is right in the first call only
# gets: failed
# at most: a fifth
import torch
calls = []
def update_gate(X, H, W_xz, W_hz, b_z):
    calls.append(1)
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z) if len(calls) == 1 else H * 0
