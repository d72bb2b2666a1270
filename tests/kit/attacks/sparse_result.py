# attacks: gru.update_gate
# does: returns a sparse tensor
# gets: failed
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z).detach().to_sparse()
