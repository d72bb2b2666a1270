"""Mistakes on RNNModel's way from the indices to the recurrent layer."""

import functools

from torch import nn
from torch.nn import functional as F

from grader.misconceptions import wrong

model = functools.partial(wrong, "RNNModel")


@model(
    en="The one-hot vectors stay batch-major, and the layer takes the samples for time steps.",
    zh="独热向量仍是批量在前，循环层把样本当成了时间步。",
    hint_en="Which axis does the layer walk along when it is not batch_first?",
    hint_zh="循环层没有设 batch_first 时，它沿哪个轴一步步往前走？",
)
def not_transposed(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The width of the one-hot vectors is guessed from the largest index in the batch.",
    zh="独热向量的宽度是按这一批里最大的下标猜出来的。",
    hint_en="What happens in a batch in which the last character does not occur?",
    hint_zh="如果这一批里没有出现词表的最后一个字符，宽度会是多少？",
)
def classes_guessed(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T.long()).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="Inputs that are whole numbers of any type but int64 raise an error.",
    zh="输入的整数只要不是 int64 类型，就会报错。",
    hint_en="F.one_hot is particular about its input's type. What do you do before calling it?",
    hint_zh="F.one_hot 对输入的类型有要求。调用之前还要做什么？",
)
def int64_only(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.T, vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The indices themselves go into the layer as numbers, repeated to the right width.",
    zh="下标没有编码成独热向量，而是当作数值重复后送进了循环层。",
    hint_en="Is character 6 twice character 3? Give each character a direction of its own.",
    hint_zh="6 号字符是 3 号字符的两倍吗？每个字符应当有自己的方向。",
)
def indices_unencoded(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = inputs.T.to(self.dense.weight.dtype)
            X = X.unsqueeze(-1).repeat(1, 1, vocab_size)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="A trainable embedding stands where the one-hot vectors belong.",
    zh="该用独热向量的地方换成了可训练的嵌入层。",
    hint_en="How many parameters does the way from an index to the layer's input need here?",
    hint_zh="在这里，从下标到循环层的输入需要几个参数？",
)
def embedding_instead(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)
            self.embedding = nn.Embedding(vocab_size, rnn_layer.input_size)

        def forward(self, inputs, state=None):
            X = self.embedding(inputs.T.long())
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The caller's inputs are transposed in place.",
    zh="把调用者传入的 inputs 原地转置了。",
    hint_en="Look at inputs after the call: is it still what it was before?",
    hint_zh="调用之后再看 inputs，它还是原来的样子吗？",
)
def inputs_transposed_in_place(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.t_().long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()


@model(
    en="The given layer is switched to batch_first, so everything comes out batch-major.",
    zh="把传入的循环层改成了 batch_first，结果全都变成批量在前。",
    hint_en="The layer comes as it is to be used. In which order do its outputs lie then?",
    hint_zh="循环层传进来就该照原样使用。这时它的输出按什么顺序排列？",
)
def batch_first_set(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            self.rnn.batch_first = True
            directions = 2 if rnn_layer.bidirectional else 1
            self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

        def forward(self, inputs, state=None):
            X = F.one_hot(inputs.long(), vocab_size).to(self.dense.weight.dtype)
            H, state = self.rnn(X, state)
            return self.dense(H.reshape(-1, H.shape[-1])), state

    return Model()
