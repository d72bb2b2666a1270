# attacks: gru.update_gate
# does: returns 400 MB
# gets: failed, error, timeout
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.zeros(100_000_000)
