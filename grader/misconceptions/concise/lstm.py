"""Mistakes in moving an LSTM's parameters into torch's own layer."""

import functools

import torch
from torch import nn

from grader.misconceptions import wrong

lstm = functools.partial(wrong, "lstm_layer")


@lstm(
    en="The gates stand in our order i, f, o, c; torch's is i, f, g (our c), o.",
    zh="各门按我们的顺序 i、f、o、c 排列；torch 的顺序是 i、f、g（即我们的 c）、o。",
    hint_en="Look up in which order torch stacks an LSTM's gates. Where does the candidate stand?",
    hint_zh="查一查 torch 按什么顺序堆放 LSTM 的各个门。候选记忆细胞排第几？",
)
def our_order_kept(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xo, W_xc], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_ho, W_hc], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_o, b_c]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The input gate and the forget gate stand in each other's place.",
    zh="输入门与遗忘门的位置写反了。",
    hint_en="Look up in which order torch stacks an LSTM's gates. Which is first?",
    hint_zh="查一查 torch 按什么顺序堆放 LSTM 的各个门。第一个是哪个？",
)
def input_forget_exchanged(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xf, W_xi, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hf, W_hi, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_f, b_i, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The weights stand in torch's order, but the biases still in ours.",
    zh="权重按 torch 的顺序排了，偏置却仍是我们的顺序。",
    hint_en="You have changed the order in two places. Is there a third?",
    hint_zh="你在两处改了顺序。还有第三处吗？",
)
def bias_order_kept(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_o, b_c]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="1 is added to the forget gate's bias.",
    zh="遗忘门的偏置多加了 1。",
    hint_en="That may help at the start of training. What is asked of parameters that are given?",
    hint_zh="刚开始训练时这样做或许有用。但现在参数是给定的，要求的是什么？",
)
def forget_bias_raised(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f + 1, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The weights are stacked without being transposed.",
    zh="权重没有转置就堆在了一起。",
    hint_en="Ours is (d, h). What shape has each gate's part of weight_ih_l0, (4h, d)?",
    hint_zh="我们的权重是 (d, h)。weight_ih_l0 是 (4h, d)，其中每个门占多大的一块？",
)
def not_transposed(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo]))
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho]))
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The weights of the state are not transposed; being square, they fit all the same.",
    zh="状态的权重没有转置；因为是方阵，形状照样对得上。",
    hint_en="With a square matrix, shapes tell you nothing. Which product does torch compute?",
    hint_zh="方阵形状对得上说明不了问题。torch 算的是哪一种乘积？",
)
def hidden_not_transposed(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho]))
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The weights are reshaped where they ought to be transposed: their numbers get mixed up.",
    zh="该转置的地方用了 reshape，数字全排乱了。",
    hint_en="Write down a matrix of 2 by 3 numbers, and both ways of making it 3 by 2.",
    hint_zh="写一个 2 行 3 列的矩阵，再用两种办法把它变成 3 行 2 列，比较一下。",
)
def reshaped(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(
            torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).reshape(layer.weight_ih_l0.shape)
        )
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="Both biases are loaded with ours, and torch adds the two.",
    zh="两个偏置都装成了我们的偏置，而 torch 会把它们相加。",
    hint_en="torch has two biases where we have one. What must their sum be?",
    hint_zh="我们的一个偏置对应 torch 的两个。它们的和应当是多少？",
)
def biases_doubled(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
    return layer


@lstm(
    en="bias_hh_l0 keeps the random numbers that the layer was made with.",
    zh="bias_hh_l0 仍是建层时的随机数。",
    hint_en="How many tensors does the layer's named_parameters() list, and how many have you set?",
    hint_zh="named_parameters() 列出几个张量？你设置了其中几个？",
)
def hidden_biases_left_random(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
    return layer


@lstm(
    en="The biases are not loaded at all.",
    zh="偏置根本没有装进去。",
    hint_en="Our groups have three tensors each. Where does the third go?",
    hint_zh="我们每一组有三个张量。第三个装到哪里？",
)
def biases_left_random(params):
    W_xi, W_hi, _, W_xf, W_hf, _, W_xo, W_ho, _, W_xc, W_hc, _, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
    return layer


@lstm(
    en="weight_hh_l0 keeps the random numbers that the layer was made with.",
    zh="weight_hh_l0 仍是建层时的随机数。",
    hint_en="How many tensors does the layer's named_parameters() list, and how many have you set?",
    hint_zh="named_parameters() 列出几个张量？你设置了其中几个？",
)
def hidden_weights_left_random(params):
    W_xi, _, b_i, W_xf, _, b_f, W_xo, _, b_o, W_xc, _, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The weights of the inputs and those of the state are loaded into each other's place.",
    zh="输入的权重与状态的权重装反了位置。",
    hint_en="What do ih and hh stand for in torch's names?",
    hint_zh="torch 的名字里，ih 和 hh 分别代表什么？",
)
def weights_exchanged(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_hh_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_ih_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The layer's parameters are frozen; they are to be trainable.",
    zh="层的参数被冻结了，应当可以训练。",
    hint_en="Copying needs no gradients. Does training?",
    hint_zh="复制参数时不需要梯度。训练时呢？",
)
def frozen(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer.requires_grad_(False)


@lstm(
    en="The layer is always float32, whatever the parameters are.",
    zh="不管参数是什么类型，层总是 float32。",
    hint_en="What type has a layer when you don't ask for one?",
    hint_zh="建层时不指定类型，得到的是什么类型？",
)
def float32_only(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="The layer is made batch_first; our networks read time-major.",
    zh="建层时设了 batch_first，而我们的网络是时间步在前。",
    hint_en="Which axis of our inputs is time?",
    hint_zh="我们的输入里，哪个轴是时间？",
)
def batch_first(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device, batch_first=True)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh_l0.zero_()
    return layer


@lstm(
    en="An nn.LSTMCell is made: it takes one step, not a sequence.",
    zh="建的是 nn.LSTMCell：它只走一步，处理不了整个序列。",
    hint_en="torch has a class for one step and one for sequences. Which does the docstring name?",
    hint_zh="torch 有一个类只算一步，另一个类算整个序列。文档字符串里说的是哪个？",
)
def cell_returned(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTMCell(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    with torch.no_grad():
        layer.weight_ih.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
        layer.weight_hh.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
        layer.bias_ih.copy_(torch.cat([b_i, b_f, b_c, b_o]))
        layer.bias_hh.zero_()
    return layer


@lstm(
    en="The layer's parameters are changed in place while autograd is recording.",
    zh="在自动求导记录的同时原地修改了参数。",
    hint_en="Copying weights is no part of the computation. How do you tell autograd so?",
    hint_zh="复制权重不属于要求导的计算。怎样告诉自动求导？",
)
def recorded_copying(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    layer.weight_ih_l0.copy_(torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T)
    layer.weight_hh_l0.copy_(torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T)
    layer.bias_ih_l0.copy_(torch.cat([b_i, b_f, b_c, b_o]))
    layer.bias_hh_l0.zero_()
    return layer
