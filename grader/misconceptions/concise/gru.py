"""Mistakes in moving a GRU's parameters into torch's own layer."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong

gru = functools.partial(wrong, "gru_layer_like")


@gru(
    en="The weights are stacked without being transposed.",
    zh="权重没有转置就堆在了一起。",
    hint_en="Ours is (d, h). What shape has each gate's part of weight_ih_l0, (3h, d)?",
    hint_zh="我们的权重是 (d, h)。weight_ih_l0 是 (3h, d)，其中每个门占多大的一块？",
)
def not_transposed(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh]))
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh]))
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The weights of the state are not transposed; being square, they fit all the same.",
    zh="状态的权重没有转置；因为是方阵，形状照样对得上。",
    hint_en="With a square matrix, shapes tell you nothing. Which product does torch compute?",
    hint_zh="方阵形状对得上说明不了问题。torch 算的是哪一种乘积？",
)
def hidden_not_transposed(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh]))
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The weights are reshaped where they ought to be transposed: their numbers get mixed up.",
    zh="该转置的地方用了 reshape，数字全排乱了。",
    hint_en="Write down a matrix of 2 by 3 numbers, and both ways of making it 3 by 2.",
    hint_zh="写一个 2 行 3 列的矩阵，再用两种办法把它变成 3 行 2 列，比较一下。",
)
def reshaped(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(
            torch.cat([W_xr, W_xz, W_xh], dim=1).reshape(layer.weight_ih_l0.shape)
        )
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="Both biases are loaded with ours, and torch adds the two.",
    zh="两个偏置都装成了我们的偏置，而 torch 会把它们相加。",
    hint_en="torch has two biases where we have one. What must their sum be?",
    hint_zh="我们的一个偏置对应 torch 的两个。它们的和应当是多少？",
)
def biases_doubled(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.copy_(torch.cat([b_r, b_z, b_h]))
    return layer


@gru(
    en="bias_hh_l0 keeps the random numbers that the layer was made with.",
    zh="bias_hh_l0 仍是建层时的随机数。",
    hint_en="How many tensors does the layer's named_parameters() list, and how many have you set?",
    hint_zh="named_parameters() 列出几个张量？你设置了其中几个？",
)
def hidden_biases_left_random(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
    return layer


@gru(
    en="The biases are not loaded at all.",
    zh="偏置根本没有装进去。",
    hint_en="Our groups have three tensors each. Where does the third go?",
    hint_zh="我们每一组有三个张量。第三个装到哪里？",
)
def biases_left_random(params):
    W_xz, W_hz, _, W_xr, W_hr, _, W_xh, W_hh, _, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
    return layer


@gru(
    en="weight_hh_l0 keeps the random numbers that the layer was made with.",
    zh="weight_hh_l0 仍是建层时的随机数。",
    hint_en="How many tensors does the layer's named_parameters() list, and how many have you set?",
    hint_zh="named_parameters() 列出几个张量？你设置了其中几个？",
)
def hidden_weights_left_random(params):
    W_xz, _, b_z, W_xr, _, b_r, W_xh, _, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The weights of the inputs and those of the state are loaded into each other's place.",
    zh="输入的权重与状态的权重装反了位置。",
    hint_en="What do ih and hh stand for in torch's names?",
    hint_zh="torch 的名字里，ih 和 hh 分别代表什么？",
)
def weights_exchanged(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_hh_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_ih_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The layer's parameters are frozen; they are to be trainable.",
    zh="层的参数被冻结了，应当可以训练。",
    hint_en="Copying needs no gradients. Does training?",
    hint_zh="复制参数时不需要梯度。训练时呢？",
)
def frozen(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer.requires_grad_(False)


@gru(
    en="The layer is always float32, whatever the parameters are.",
    zh="不管参数是什么类型，层总是 float32。",
    hint_en="What type has a layer when you don't ask for one?",
    hint_zh="建层时不指定类型，得到的是什么类型？",
)
def float32_only(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="The layer is made batch_first; our networks read time-major.",
    zh="建层时设了 batch_first，而我们的网络是时间步在前。",
    hint_en="Which axis of our inputs is time?",
    hint_zh="我们的输入里，哪个轴是时间？",
)
def batch_first(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device, batch_first=True)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh_l0.zero_()
    return layer


@gru(
    en="An nn.GRUCell is made: it takes one step, not a sequence.",
    zh="建的是 nn.GRUCell：它只走一步，处理不了整个序列。",
    hint_en="torch has a class for one step and one for sequences. Which does the docstring name?",
    hint_zh="torch 有一个类只算一步，另一个类算整个序列。文档字符串里说的是哪个？",
)
def cell_returned(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRUCell(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
        layer.weight_hh.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
        layer.bias_ih.copy_(torch.cat([b_r, b_z, b_h]))
        layer.bias_hh.zero_()
    return layer


@gru(
    en="The layer's parameters are changed in place while autograd is recording.",
    zh="在自动求导记录的同时原地修改了参数。",
    hint_en="Copying weights is no part of the computation. How do you tell autograd so?",
    hint_zh="复制权重不属于要求导的计算。怎样告诉自动求导？",
)
def recorded_copying(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    layer.weight_ih_l0.copy_(torch.cat([W_xr, W_xz, W_xh], dim=1).T)
    layer.weight_hh_l0.copy_(torch.cat([W_hr, W_hz, W_hh], dim=1).T)
    layer.bias_ih_l0.copy_(torch.cat([b_r, b_z, b_h]))
    layer.bias_hh_l0.zero_()
    return layer
