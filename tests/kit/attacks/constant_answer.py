# attacks: gru.update_gate
# does: returns a half of the right shape
# gets: failed
# at most: a fifth
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.full_like(H, 0.5)
