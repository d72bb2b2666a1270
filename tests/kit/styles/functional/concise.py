"""Dictionaries of gates, setattr over the parameters' names, fresh nn.Parameters."""

import torch
from torch import nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.add_module("core", rnn_layer)
        features = rnn_layer.hidden_size * {False: 1, True: 2}[rnn_layer.bidirectional]
        self.add_module("out", nn.Linear(in_features=features, out_features=vocab_size))

    def forward(self, inputs, state=None):
        columns = [F.one_hot(column.long(), self.out.out_features) for column in inputs.unbind(1)]
        outputs, state = self.core(torch.stack(columns).type_as(self.out.weight), state)
        return torch.cat([self.out(H) for H in outputs]), state


def _layer(kind, params, order):
    params = [p.detach() for p in params]
    groups = {name: params[3 * k : 3 * k + 3] for k, name in enumerate(order[0])}
    d, h = params[0].shape
    layer = kind(d, h)
    weights = [
        torch.cat([groups[g][0].T for g in order[1]]),
        torch.cat([groups[g][1].T for g in order[1]]),
        torch.cat([groups[g][2] for g in order[1]]),
    ]
    weights.append(weights[-1] * 0)
    for name, value in zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), weights):
        setattr(layer, name, nn.Parameter(value.contiguous()))
    return layer


def lstm_layer(params):
    return _layer(nn.LSTM, list(params)[:12], ("ifoc", "ifco"))


def gru_layer_like(params):
    return _layer(nn.GRU, list(params)[:9], ("zrh", "rzh"))
