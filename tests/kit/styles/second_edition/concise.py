"""As in the second edition: F.one_hot of the transpose, num_directions, begin_state."""

import torch
from torch import nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    """循环神经网络模型"""

    def __init__(self, rnn_layer, vocab_size, **kwargs):
        super().__init__(**kwargs)
        self.rnn = rnn_layer
        self.vocab_size = vocab_size
        self.num_hiddens = self.rnn.hidden_size
        if not self.rnn.bidirectional:
            self.num_directions = 1
            self.linear = nn.Linear(self.num_hiddens, self.vocab_size)
        else:
            self.num_directions = 2
            self.linear = nn.Linear(self.num_hiddens * 2, self.vocab_size)

    def forward(self, inputs, state=None):
        X = F.one_hot(inputs.T.long(), self.vocab_size)
        X = X.to(torch.float32)
        Y, state = self.rnn(X, state)
        output = self.linear(Y.reshape((-1, Y.shape[-1])))
        return output, state


def lstm_layer(params):
    p = list(params)
    i, f, o, c = p[0:3], p[3:6], p[6:9], p[9:12]
    d, h = i[0].shape
    net = nn.LSTM(d, h, device=i[0].device, dtype=i[0].dtype)
    with torch.no_grad():
        for k, (W, U, b) in enumerate((i, f, c, o)):
            rows = slice(k * h, (k + 1) * h)
            net.weight_ih_l0[rows] = W.T
            net.weight_hh_l0[rows] = U.T
            net.bias_ih_l0[rows] = b / 2
            net.bias_hh_l0[rows] = b / 2
    return net


def gru_layer_like(params):
    p = list(params)
    z, r, n = p[0:3], p[3:6], p[6:9]
    d, h = z[0].shape
    net = nn.GRU(d, h, device=z[0].device, dtype=z[0].dtype)
    with torch.no_grad():
        for k, (W, U, b) in enumerate((r, z, n)):
            rows = slice(k * h, (k + 1) * h)
            net.weight_ih_l0[rows] = W.T
            net.weight_hh_l0[rows] = U.T
            net.bias_ih_l0[rows] = b
            net.bias_hh_l0[rows] = 0
    return net
