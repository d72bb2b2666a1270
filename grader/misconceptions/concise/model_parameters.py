"""Mistakes in RNNModel's parameters: not registered, not the given ones, not trained."""

import functools

import torch
from torch import nn
from torch.nn import functional as F

from grader.misconceptions import wrong

model = functools.partial(wrong, "RNNModel")


@model(
    en="The recurrent layer is kept in a plain list, so its parameters are not registered.",
    zh="循环层放在普通列表里，它的参数没有登记到模型上。",
    hint_en="Count what parameters() gives: which module keeps a list of layers properly?",
    hint_zh="数一数 parameters() 给出多少个参数。要存一列层，该用哪种容器？",
)
def layer_in_a_list(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [rnn_layer]
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.layers[0](X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The dense layer is kept in a plain list, so its parameters are not registered.",
    zh="全连接层放在普通列表里，它的参数没有登记到模型上。",
    hint_en="Does parameters() show the dense layer's weight? What does a module register?",
    hint_zh="parameters() 里有全连接层的权重吗？模块会登记哪些属性？",
)
def dense_in_a_list(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.layers = [nn.Linear(rnn_layer.hidden_size * directions, vocab_size)]

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.layers[0].weight.dtype)
            H, state = self.rnn(X, state)
            return self.layers[0](H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="A new dense layer is made in every call, so it is never trained.",
    zh="每次调用都新建一个全连接层，所以它永远得不到训练。",
    hint_en="What an optimiser improves must be there in the next call. Where is the layer made?",
    hint_zh="优化器改好的参数，下次调用时应当还在。全连接层是在哪里建的？",
)
def dense_made_in_forward(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(next(self.parameters()).dtype)
            H, state = self.rnn(X, state)
            dense = nn.Linear(H.shape[-1], vocab_size).to(H)
            return dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="A new layer of the same kind is made; the given one, with its weights, is not used.",
    zh="新建了一个同类的循环层，传入的那个（连同它的权重）没有用上。",
    hint_en="Whoever calls RNNModel has already loaded weights. Where do they go?",
    hint_zh="调用 RNNModel 的人已经装好了权重。这些权重去哪儿了？",
)
def another_layer_made(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            sizes = rnn_layer.input_size, rnn_layer.hidden_size, rnn_layer.num_layers
            self.rnn = type(rnn_layer)(*sizes, bidirectional=rnn_layer.bidirectional)
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The model makes an nn.GRU of its own, whatever layer it is given.",
    zh="不管传入哪种循环层，模型都自己建了一个 nn.GRU。",
    hint_en="The layer is an argument. What is left to build yourself?",
    hint_zh="循环层是参数传进来的。需要你自己建的还剩什么？",
)
def always_a_gru(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(vocab_size, rnn_layer.hidden_size, rnn_layer.num_layers)
            self.dense = nn.Linear(rnn_layer.hidden_size, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The recurrent layer's parameters are frozen; only the dense layer is trained.",
    zh="循环层的参数被冻结，只有全连接层能训练。",
    hint_en="Look at requires_grad of every parameter after the model has been made.",
    hint_zh="模型建好之后，逐个看看各参数的 requires_grad。",
)
def layer_frozen(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer.requires_grad_(False)
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The layer's outputs are detached, so no gradient reaches the recurrent layer.",
    zh="循环层的输出做了 detach，梯度传不回循环层。",
    hint_en="Which parameters have a gradient after backward(), and which have none?",
    hint_zh="调用 backward() 之后，哪些参数有梯度，哪些没有？",
)
def outputs_detached(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.detach().reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The recurrent layer is run without recording, so nothing in it can be trained.",
    zh="循环层是在不记录梯度的情况下运行的，所以训练不到它。",
    hint_en="no_grad is for predicting. Who decides whether this call trains or predicts?",
    hint_zh="no_grad 是预测时用的。这次调用是训练还是预测，该由谁决定？",
)
def computed_without_gradient(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long(), vocab_size).to(self.dense.weight.dtype)
            with torch.no_grad():
                H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()
