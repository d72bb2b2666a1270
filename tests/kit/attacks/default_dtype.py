# attacks: gru.update_gate
# does: changes torch's defaults for everyone after it
# gets: passed, failed, error
# at most: all
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
