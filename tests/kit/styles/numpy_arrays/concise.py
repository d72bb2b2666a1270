"""A gathered weight matrix and a loop over time; rows are assembled from a list of names."""

import numpy as np
import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        scale = 2 if rnn_layer.bidirectional else 1
        self.fc = nn.Linear(int(np.multiply(scale, rnn_layer.hidden_size)), vocab_size)

    def forward(self, inputs, state):
        n, steps = inputs.shape
        X = torch.zeros((steps, n, self.fc.out_features), device=inputs.device)
        X = X.scatter(2, inputs.t().long().unsqueeze(2), 1.0)
        Y, state = self.rnn(X, state)
        return self.fc(Y.reshape(steps * n, -1)), state


def assemble(kind, params, order):
    W = params[0]
    layer = kind(input_size=W.shape[0], hidden_size=W.shape[1]).to(device=W.device, dtype=W.dtype)
    for name, offset in (("weight_ih_l0", 0), ("weight_hh_l0", 1), ("bias_ih_l0", 2)):
        blocks = [params[k + offset].detach() for k in order]
        value = torch.cat([block.t() if block.dim() == 2 else block for block in blocks], dim=0)
        getattr(layer, name).data.copy_(value)
    nn.init.zeros_(layer.bias_hh_l0)
    return layer


def lstm_layer(params):
    return assemble(nn.LSTM, list(params), [0, 3, 9, 6])


def gru_layer_like(params):
    return assemble(nn.GRU, list(params), [3, 0, 6])
