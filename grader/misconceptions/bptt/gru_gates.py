"""Mistakes in gru_step_backward that touch one gate only, or all parameters alike."""

import functools

import torch

from grader.misconceptions import wrong

step = functools.partial(wrong, "gru_step_backward")


@step(
    en="The slope of the reset gate's sigmoid is missing.",
    zh="重置门漏乘了 sigmoid 的导数。",
    hint_en="You have it for the update gate. Which function makes R?",
    hint_zh="更新门那里你乘了。R 又是由哪个函数得到的？",
)
def reset_slope_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The slope of the candidate's tanh is written as 1 − H̃; the square is missing.",
    zh="候选状态的 tanh 导数写成了 1 − H̃，漏了平方。",
    hint_en="tanh'(a) = 1 − tanh(a)². What is it at H̃ = −1?",
    hint_zh="tanh'(a) = 1 − tanh(a)²。H̃ = −1 时它是多少？",
)
def tanh_slope_not_squared(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="On the way back from the gates to H, W_hz and W_hr are not transposed.",
    zh="从两个门传回 H 时，W_hz 和 W_hr 没有转置。",
    hint_en="Y = A B: dA = dY Bᵀ. A square matrix fits either way.",
    hint_zh="Y = A B 时 dA = dY Bᵀ。方阵转不转置都不会报错。",
)
def gate_weights_not_transposed(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr + dz @ W_hz
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="On the way back to H none of the three W_h is transposed.",
    zh="传回 H 时，三个 W_h 都没有转置。",
    hint_en="Y = A B: dA = dY Bᵀ. A square matrix fits either way.",
    hint_zh="Y = A B 时 dA = dY Bᵀ。方阵转不转置都不会报错。",
)
def no_weight_transposed(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr + dz @ W_hz
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="All parameters' gradients are divided by the batch size; they are sums over the samples.",
    zh="所有参数的梯度都除以了批量大小，而它们应是各样本之和。",
    hint_en="Nothing in the equations divides by n. Where does your mean come from?",
    hint_zh="公式里没有除以 n。你的平均是从哪里来的？",
)
def all_averaged(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz / len(X), H.T @ dz / len(X), dz.mean(dim=0)
    reset = X.T @ dr / len(X), H.T @ dr / len(X), dr.mean(dim=0)
    candidate = X.T @ dc / len(X), (R * H).T @ dc / len(X), dc.mean(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="H's gradient is the direct way through Z ⊙ H alone: three other ways are missing.",
    zh="H 的梯度只算了 Z ⊙ H 这一条直接的路径，漏了经过门和候选状态的路径。",
    hint_en="In how many places of the equations does H stand?",
    hint_zh="H 在公式里出现了几处？",
)
def only_direct_path(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="Both gates are treated as constants in the gradient of H.",
    zh="求 H 的梯度时把两个门都当成了常数。",
    hint_en="H stands in the equations of R and Z, too. What does each hand back?",
    hint_zh="R 和 Z 的公式里也有 H。它们各传回什么？",
)
def gates_ignored_in_H(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The factor 1 − Z is missing in the gradient of the candidate.",
    zh="候选状态的梯度漏乘了 1 − Z。",
    hint_en="H' = Z ⊙ H + (1 − Z) ⊙ H̃. What is ∂H'/∂H̃?",
    hint_zh="H' = Z ⊙ H + (1 − Z) ⊙ H̃。∂H'/∂H̃ 是什么？",
)
def mixture_factor_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate
