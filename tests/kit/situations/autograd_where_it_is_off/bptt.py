import torch


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    given = [t.clone().requires_grad_() for t in (X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h)]
    X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = given
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    out = Z * H
    return torch.autograd.grad((out * grad_next).sum(), given, allow_unused=True)
