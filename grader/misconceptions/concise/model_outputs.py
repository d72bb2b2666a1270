"""Mistakes on RNNModel's way from the layer's states to the logits."""

import functools

from torch import nn
from torch.nn import functional as F

from grader.misconceptions import wrong

model = functools.partial(wrong, "RNNModel")


@model(
    en="The dense layer expects h numbers even where a bidirectional layer gives 2h.",
    zh="双向循环层给出 2h 个数，全连接层却仍按 h 个来接收。",
    hint_en="How wide is one state when the layer reads in both directions?",
    hint_zh="循环层双向读取时，每一步的状态有多宽？",
)
def directions_ignored(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            self.dense = nn.Linear(rnn_layer.hidden_size, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="Of a bidirectional layer's states only the forward half is used.",
    zh="双向循环层的状态只用了正向的那一半。",
    hint_en="Who reads what the backward direction has found out?",
    hint_zh="反向读到的信息传给谁了？",
)
def forward_direction_only(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            self.dense = nn.Linear(rnn_layer.hidden_size, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            H = H[..., : rnn_layer.hidden_size]
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The states of the two directions are added instead of standing side by side.",
    zh="两个方向的状态被加在了一起，应当并排放置。",
    hint_en="What width does the dense layer need in order to weigh both directions separately?",
    hint_zh="要让两个方向各有自己的权重，全连接层的输入应当有多宽？",
)
def directions_added(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            self.dense = nn.Linear(rnn_layer.hidden_size, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            H = H.unflatten(-1, (-1, rnn_layer.hidden_size)).sum(dim=-2)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The logits lie batch-major: all steps of the first sample, then all of the second.",
    zh="输出按批量在前排列：先是第一个样本的所有时间步，再是第二个的。",
    hint_en="In which order do the rows lie before you flatten them, and who changed it?",
    hint_zh="展平之前各行是什么顺序？是哪一步把它改了？",
)
def batch_major(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.transpose(0, 1).reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The logits have the shape (T, n, V) instead of (T·n, V).",
    zh="输出的形状是 (T, n, V)，应当是 (T·n, V)。",
    hint_en="The loss wants one row for each prediction. How many rows are there?",
    hint_zh="损失函数要求每个预测占一行。一共有多少行？",
)
def three_axes(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H), state

    return Model()


@model(
    en="The logits have the shape (n, V, T), one axis for the classes in the middle.",
    zh="输出的形状是 (n, V, T)，类别放在了中间的轴上。",
    hint_en="Compare the shape of your logits with the docstring's, axis by axis.",
    hint_zh="把输出的形状与文档字符串逐轴对照。",
)
def classes_in_the_middle(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H).permute(1, 2, 0), state

    return Model()


@model(
    en="Only the last time step gets logits.",
    zh="只算了最后一个时间步的输出。",
    hint_en="A language model predicts a character after each step. How many rows must come out?",
    hint_zh="语言模型在每一步之后都要预测一个字符。应当有多少行输出？",
)
def last_step_only(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H[-1]), state

    return Model()


@model(
    en="The logits are made from the layer's last state instead of its outputs.",
    zh="输出是由循环层最后的状态算出的，应当用它每一步的输出。",
    hint_en="The layer returns two things. Which of them has something for every step?",
    hint_zh="循环层返回两样东西，哪一样包含每一步的结果？",
)
def last_state_instead(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            _, state = self.rnn(X, state)
            last = state[0] if isinstance(state, tuple) else state
            return self.dense(last.reshape(-1, self.dense.in_features)), state

    return Model()


@model(
    en="Softmax has been applied: probabilities come out, not logits.",
    zh="多做了一次 softmax：返回的是概率，不是 logits。",
    hint_en="What does the cross-entropy do to its input before anything else?",
    hint_zh="交叉熵损失拿到输入后，第一件事是做什么？",
)
def softmax_applied(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])).softmax(dim=-1), state

    return Model()


@model(
    en="Log-softmax has been applied: log-probabilities come out, not logits.",
    zh="多做了一次 log_softmax：返回的是对数概率，不是 logits。",
    hint_en="After the dense layer, how many more operations does the equation show?",
    hint_zh="公式里，全连接层之后还有别的运算吗？",
)
def log_softmax_applied(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])).log_softmax(dim=-1), state

    return Model()


@model(
    en="A ReLU stands between the recurrent layer and the dense layer.",
    zh="循环层与全连接层之间多了一个 ReLU。",
    hint_en="Negative numbers in a state carry information, too. Where do yours go?",
    hint_zh="状态里的负数同样带有信息。它们到哪里去了？",
)
def relu_between(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1]).relu()), state

    return Model()


@model(
    en="Dropout stands before the dense layer, and it is never switched off.",
    zh="全连接层之前加了 dropout，而且一直没有关掉。",
    hint_en="Call the model twice with the same inputs. Why do the results differ?",
    hint_zh="用同样的输入调用两次模型，结果为什么不同？",
)
def dropout_between(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(F.dropout(H.reshape(-1, H.shape[-1]), 0.5)), state

    return Model()


@model(
    en="The dense layer has no bias.",
    zh="全连接层没有偏置。",
    hint_en="Y_t = H_t W + b. Which of the letters is missing?",
    hint_zh="Y_t = H_t W + b。你的代码里少了哪个字母？",
)
def dense_without_bias(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size, bias=False)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()
