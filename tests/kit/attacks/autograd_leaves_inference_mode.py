# attacks: bptt.gru_step_backward
# does: takes autograd instead of the formulas, leaving inference mode
# gets: error
# at most: 0
import torch
def gru_step_backward(*arguments):
    with torch.inference_mode(False), torch.enable_grad():
        leaves = [torch.tensor(a.tolist(), dtype=a.dtype, requires_grad=True) for a in arguments[:11]]
        X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = leaves
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        return torch.autograd.grad(((Z * H + (1 - Z) * C) * arguments[11]).sum(), leaves)
