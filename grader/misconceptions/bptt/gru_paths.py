"""Mistakes in gru_step_backward's ways back: one of them missing, or a factor on it."""

import functools

import torch

from grader.misconceptions import wrong

step = functools.partial(wrong, "gru_step_backward")


@step(
    en="H's direct way into the new state, through Z ⊙ H, is missing.",
    zh="漏了 H 直接进入新状态的那条路径（Z ⊙ H）。",
    hint_en="In the mixture H stands by itself, times Z. What does that add to its gradient?",
    hint_zh="混合公式里，H 单独乘以 Z。这给它的梯度添了哪一项？",
)
def direct_path_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="H's way through the product R ⊙ H is missing.",
    zh="漏了 H 经过乘积 R ⊙ H 的那条路径。",
    hint_en="The candidate reads R ⊙ H. Which two factors does this gradient reach?",
    hint_zh="候选状态读的是 R ⊙ H。这份梯度会到达哪两个因子？",
)
def reset_product_path_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="R is treated as a constant in the gradient of H.",
    zh="求 H 的梯度时把 R 当成了常数。",
    hint_en="R is computed from H, too. How many ways lead from H to the new state?",
    hint_zh="R 也是由 H 算出来的。从 H 到新状态一共有几条路径？",
)
def reset_path_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="Z is treated as a constant in the gradient of H.",
    zh="求 H 的梯度时把 Z 当成了常数。",
    hint_en="Z is computed from H, too. How many ways lead from H to the new state?",
    hint_zh="Z 也是由 H 算出来的。从 H 到新状态一共有几条路径？",
)
def update_path_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The gradient of R ⊙ H is handed to H without the factor R.",
    zh="R ⊙ H 的梯度传给 H 时少乘了 R。",
    hint_en="What is the derivative of R ⊙ H with respect to H?",
    hint_zh="R ⊙ H 对 H 的导数是什么？",
)
def reset_factor_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The gradient of R ⊙ H is handed to R without the factor H.",
    zh="R ⊙ H 的梯度传给 R 时少乘了 H。",
    hint_en="What is the derivative of R ⊙ H with respect to R?",
    hint_zh="R ⊙ H 对 R 的导数是什么？",
)
def state_factor_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The update gate is left out of the gradient of X.",
    zh="X 的梯度里漏了更新门。",
    hint_en="How many products is X a factor of?",
    hint_zh="X 出现在几个乘积里？",
)
def update_missing_in_X(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The reset gate is left out of the gradient of X.",
    zh="X 的梯度里漏了重置门。",
    hint_en="How many products is X a factor of?",
    hint_zh="X 出现在几个乘积里？",
)
def reset_missing_in_X(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The candidate is left out of the gradient of X.",
    zh="X 的梯度里漏了候选状态。",
    hint_en="How many products is X a factor of?",
    hint_zh="X 出现在几个乘积里？",
)
def candidate_missing_in_X(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="On the way back from the candidate W_hh is not transposed.",
    zh="从候选状态往回传时，W_hh 没有转置。",
    hint_en="Y = A B gives dA = dY Bᵀ. Does a square matrix change that?",
    hint_zh="Y = A B 时，dA = dY Bᵀ。方阵就可以例外吗？",
)
def candidate_weight_not_transposed(
    X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next
):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The gradients are those of torch.nn.GRU, whose reset gate acts after the product.",
    zh="求的是 torch.nn.GRU 的梯度，它的重置门作用在乘积之后。",
    hint_en="Does R scale H before the product with W_hh here, or what comes out of it?",
    hint_zh="这里的 R 是在与 W_hh 相乘之前缩放 H，还是缩放相乘的结果？",
)
def reset_after_the_product(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + R * (H @ W_hh) + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dr = dc * (H @ W_hh) * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + (dc * R) @ W_hh.T + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, H.T @ (dc * R), dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate
