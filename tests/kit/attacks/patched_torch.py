# attacks: gru.update_gate
# does: replaces torch's comparisons and activations while it runs
# gets: failed, error
# at most: a fifth
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    torch.allclose = torch.equal = torch.isclose = lambda *a, **k: True
    torch.sigmoid = torch.tanh = torch.matmul = torch.Tensor.__matmul__ = lambda *a, **k: H
    return H * 0
