"""Mistakes in gru_step_backward's slopes, signs, parameters and order."""

import functools

import torch

from grader.misconceptions import wrong

step = functools.partial(wrong, "gru_step_backward")


@step(
    en="The slopes of both gates' sigmoids are missing.",
    zh="两个门都漏乘了 sigmoid 的导数。",
    hint_en="What lies between a gate and its weighted sum, and what is its derivative?",
    hint_zh="门与它的加权和之间隔着哪个函数？它的导数是什么？",
)
def sigmoid_slopes_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C)
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
    en="The slope of the update gate's sigmoid is missing.",
    zh="更新门漏乘了 sigmoid 的导数。",
    hint_en="You have it for the reset gate. Which function makes Z?",
    hint_zh="重置门那里你乘了。Z 又是由哪个函数得到的？",
)
def update_slope_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The slope of the candidate's tanh is missing.",
    zh="候选状态漏乘了 tanh 的导数。",
    hint_en="What lies between H̃ and its weighted sum, and what is its derivative?",
    hint_zh="H̃ 与它的加权和之间隔着哪个函数？它的导数是什么？",
)
def tanh_slope_missing(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The gates are given the slope of tanh; they are sigmoids.",
    zh="两个门用了 tanh 的导数，而它们是 sigmoid。",
    hint_en="Two activations, two derivatives. Which belongs to the gates?",
    hint_zh="两种激活函数的导数不同。门用的是哪一种？",
)
def tanh_slope_in_gates(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * (1 - Z**2)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * (1 - R**2)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The gradient of Z has the wrong sign: H̃ − H instead of H − H̃.",
    zh="Z 的梯度符号反了：写成了 H̃ − H，应为 H − H̃。",
    hint_en="When Z grows, which of the two states is weighted more?",
    hint_zh="Z 变大时，哪个状态的比重变大？",
)
def update_sign_reversed(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (C - H) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="Z's gradient counts Z ⊙ H only; Z stands in (1 − Z) ⊙ H̃, too.",
    zh="Z 的梯度只算了 Z ⊙ H，而 (1 − Z) ⊙ H̃ 里也有 Z。",
    hint_en="In how many places of the mixture does Z stand?",
    hint_zh="混合公式里 Z 出现了几次？",
)
def candidate_ignored_in_Z(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * H * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The candidate's gradient is multiplied by Z and the old state's by 1 − Z.",
    zh="候选状态的梯度乘了 Z，旧状态的梯度乘了 1 − Z，两者正好反了。",
    hint_en="H' = Z ⊙ H + (1 − Z) ⊙ H̃. Which factor stands beside which state?",
    hint_zh="H' = Z ⊙ H + (1 − Z) ⊙ H̃。哪个因子乘哪个状态？",
)
def mixture_exchanged(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * Z * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * (1 - Z) + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="W_hh's gradient uses H; what W_hh multiplies is R ⊙ H.",
    zh="W_hh 的梯度用了 H，而与 W_hh 相乘的是 R ⊙ H。",
    hint_en="Y = A B gives dB = Aᵀ dY. What is A here?",
    hint_zh="Y = A B 时，dB = Aᵀ dY。这里的 A 是什么？",
)
def reset_forgotten_in_W_hh(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, H.T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The reset gate's gradients are returned before the update gate's.",
    zh="重置门的梯度排在了更新门之前。",
    hint_en="The gradients come in the order of the arguments. Which gate is first there?",
    hint_zh="梯度按参数表的顺序返回。表里哪个门在前？",
)
def gates_exchanged(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *reset, *update, *candidate


@step(
    en="The candidate's gradients are returned before the gates'.",
    zh="候选状态的梯度排在了两个门之前。",
    hint_en="The gradients come in the order of the arguments. What comes last there?",
    hint_zh="梯度按参数表的顺序返回。表里排在最后的是什么？",
)
def candidate_returned_first(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_X, grad_H, *candidate, *update, *reset


@step(
    en="The gradient of H is returned before that of X.",
    zh="H 的梯度排在了 X 之前。",
    hint_en="The gradients come in the order of the arguments. Which argument is first?",
    hint_zh="梯度按参数表的顺序返回。排在第一的是哪个？",
)
def H_returned_first(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.sum(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.sum(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.sum(dim=0)
    return grad_H, grad_X, *update, *reset, *candidate


@step(
    en="The biases' gradients still have a row for each sample.",
    zh="偏置的梯度仍是每个样本一行。",
    hint_en="A gradient has the shape of what it belongs to. What shape has b_z?",
    hint_zh="梯度的形状与它所属的量相同。b_z 是什么形状？",
)
def biases_per_sample(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz
    reset = X.T @ dr, H.T @ dr, dr
    candidate = X.T @ dc, (R * H).T @ dc, dc
    return grad_X, grad_H, *update, *reset, *candidate


@step(
    en="The biases' gradients are averaged over the samples instead of summed.",
    zh="偏置的梯度对样本取了平均，应当求和。",
    hint_en="A bias is added to every row. What does each row contribute to its gradient?",
    hint_zh="偏置加到了每一行上。每一行对它的梯度贡献多少？",
)
def biases_averaged(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    dz = grad_next * (H - C) * Z * (1 - Z)
    dc = grad_next * (1 - Z) * (1 - C**2)
    dRH = dc @ W_hh.T
    dr = dRH * H * R * (1 - R)
    grad_X = dz @ W_xz.T + dr @ W_xr.T + dc @ W_xh.T
    grad_H = grad_next * Z + dRH * R + dr @ W_hr.T + dz @ W_hz.T
    update = X.T @ dz, H.T @ dz, dz.mean(dim=0)
    reset = X.T @ dr, H.T @ dr, dr.mean(dim=0)
    candidate = X.T @ dc, (R * H).T @ dc, dc.mean(dim=0)
    return grad_X, grad_H, *update, *reset, *candidate
