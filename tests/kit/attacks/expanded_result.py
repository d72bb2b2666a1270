# attacks: gru.update_gate
# does: returns a view with 10^15 entries
# gets: failed
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.zeros(()).expand(10**5, 10**5, 10**5)
