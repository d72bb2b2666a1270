"""Mistakes in moving a GRU's parameters that only a GRU can have."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong

gru = functools.partial(wrong, "gru_layer_like")


@gru(
    en="The gates stand in our order z, r, h; torch's is r, z, n (our h).",
    zh="各门按我们的顺序 z、r、h 排列；torch 的顺序是 r、z、n（即我们的 h）。",
    hint_en="Look up in which order torch stacks a GRU's gates. Which is first?",
    hint_zh="查一查 torch 按什么顺序堆放 GRU 的各个门。第一个是哪个？",
)
def our_order_kept(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xz, W_xr, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hz, W_hr, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_z, b_r, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The candidate's parameters are put first; in torch they come last.",
    zh="候选状态的参数放在了最前面；torch 里它排在最后。",
    hint_en="torch's order is r, z, n. Which of them is the candidate?",
    hint_zh="torch 的顺序是 r、z、n。其中哪个是候选状态？",
)
def candidate_first(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xh, W_xr, W_xz], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hh, W_hr, W_hz], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_h, b_r, b_z]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The weights stand in torch's order, but the biases still in ours.",
    zh="权重按 torch 的顺序排了，偏置却仍是我们的顺序。",
    hint_en="You have changed the order in two places. Is there a third?",
    hint_zh="你在两处改了顺序。还有第三处吗？",
)
def bias_order_kept(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_z, b_r, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The update gate's parameters are negated, as if torch's z let the new state in.",
    zh="更新门的参数取了相反数，好像 torch 的 z 管的是放入新状态。",
    hint_en="Compare both formulas of the new state: what does z multiply in each?",
    hint_zh="对照两边新状态的公式：z 各自乘的是什么？",
)
def update_negated(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, -W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, -W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, -b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The candidate's bias is left out.",
    zh="漏掉了候选状态的偏置。",
    hint_en="Nine parameters come in. Which of them is never used?",
    hint_zh="传进来九个参数，哪个一次也没用到？",
)
def candidate_bias_left_out(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, torch.zeros_like(b_h)]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="Of the three weights of the state, only the candidate's is not transposed.",
    zh="状态的三个权重里，只有候选状态的那个没有转置。",
    hint_en="The candidate, too, is a row vector times W_hh. Why should it be treated differently?",
    hint_zh="候选状态同样是行向量乘以 W_hh。它需要特殊处理吗？",
)
def candidate_hidden_not_transposed(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh.T], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The candidate's weights W_xh and W_hh stand in each other's place.",
    zh="候选状态的 W_xh 与 W_hh 放反了位置。",
    hint_en="Which of the two meets the inputs, and how many rows has it?",
    hint_zh="这两个权重哪个与输入相乘？它有几行？",
)
def candidate_weights_exchanged(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_hh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_xh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The reset gate's bias is made huge, so that R is 1 everywhere and the two networks agree.",
    zh="把重置门的偏置设得极大，让 R 处处为 1，好使两个网络相等。",
    hint_en="The layer is to have our parameters. Is it meant to agree where R is not 1?",
    hint_zh="这个层应当装我们的参数。R 不为 1 的地方，两者本来就该相等吗？",
)
def reset_gate_forced_open(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r + 100, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer
