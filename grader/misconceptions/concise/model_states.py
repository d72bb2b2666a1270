"""Mistakes in the state that RNNModel takes and returns."""

import functools

import torch
from torch import nn
from torch.nn import functional as F

from grader.misconceptions import wrong

model = functools.partial(wrong, "RNNModel")


@model(
    en="Only the logits are returned; the state is lost.",
    zh="只返回了输出，状态丢掉了。",
    hint_en="How will the next mini-batch go on where this one ends?",
    hint_zh="下一个小批量怎样才能接着这一个往下读？",
)
def state_dropped(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1]))

    return Model()


@model(
    en="None is returned in place of the state.",
    zh="返回的状态是 None。",
    hint_en="The layer gives you two things. What becomes of the second?",
    hint_zh="循环层给了你两样东西，第二样用到哪里去了？",
)
def none_returned(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), None

    return Model()


@model(
    en="The state is returned first and the logits second.",
    zh="返回值的顺序反了：状态在前，输出在后。",
    hint_en="Compare the return statement with the docstring: what comes first?",
    hint_zh="把 return 语句与文档字符串对照：哪个在前？",
)
def results_exchanged(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return state, self.dense(H.reshape(-1, H.shape[-1]))

    return Model()


@model(
    en="The state that came in is returned, not the one that the layer ended with.",
    zh="返回的是传入的旧状态，应当返回循环层结束时的状态。",
    hint_en="Which name holds the layer's second result?",
    hint_zh="循环层的第二个返回值存到了哪个名字里？",
)
def old_state_returned(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, _ = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="Of an LSTM's state only H is returned; the memory cell C is lost.",
    zh="LSTM 的状态只返回了 H，记忆细胞 C 丢掉了。",
    hint_en="What does an LSTM need in order to go on: one matrix or two?",
    hint_zh="LSTM 要接着往下算，需要一个矩阵还是两个？",
)
def memory_cell_dropped(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            state = state[0] if isinstance(state, tuple) else state
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The layer always begins with zeros: the state that comes in is not used.",
    zh="循环层总是从 0 开始，传入的状态没有用上。",
    hint_en="Follow the argument state: where is it read for the first time?",
    hint_zh="顺着参数 state 往下找：它第一次用在哪里？",
)
def initial_state_ignored(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The model remembers its last state and goes on from it when it is given None.",
    zh="模型记住了上次的状态，传入 None 时就从那里接着算。",
    hint_en="state None begins with zeros. What does your second call begin with?",
    hint_zh="state 为 None 时应当从 0 开始。你的第二次调用是从什么开始的？",
)
def state_remembered(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)
            self.state = None

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, self.state = self.rnn(X, self.state if state is None else state)
            return self.dense(H.reshape(-1, H.shape[-1])), self.state

    return Model()


@model(
    en="Every time step starts from the first state; none goes on from the one before.",
    zh="每个时间步都从最初的状态开始，没有接着上一步的状态。",
    hint_en="What does the second step know of the first character?",
    hint_zh="走到第二步时，它对第一个字符还知道什么？",
)
def state_not_carried(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            steps = [self.rnn(step.unsqueeze(0), state) for step in X]
            H, state = torch.cat([H for H, _ in steps]), steps[-1][1]
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()
