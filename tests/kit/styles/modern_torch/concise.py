"""LazyLinear, named_parameters, torch.vstack; logits through torch.addmm."""

import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn, self.vocab_size = rnn_layer, vocab_size
        self.head = nn.LazyLinear(vocab_size)
        self.head(torch.zeros(1, rnn_layer.hidden_size * (2 if rnn_layer.bidirectional else 1)))

    def forward(self, inputs, state=None):
        x = torch.nn.functional.one_hot(inputs.mT.to(torch.long), self.vocab_size).to(
            self.head.weight
        )
        y, state = self.rnn(x, state)
        return torch.addmm(self.head.bias, y.flatten(0, 1), self.head.weight.mT), state


@torch.no_grad()
def lstm_layer(params):
    wi, ui, bi, wf, uf, bf, wo, uo, bo, wc, uc, bc, *_ = params
    layer = nn.LSTM(wi.shape[0], wi.shape[1], dtype=wi.dtype, device=wi.device)
    values = (
        torch.hstack([wi, wf, wc, wo]).mT,
        torch.hstack([ui, uf, uc, uo]).mT,
        torch.hstack([bi, bf, bc, bo]),
        0,
    )
    for (_, parameter), value in zip(layer.named_parameters(), values):
        if torch.is_tensor(value):
            parameter.copy_(value)
        else:
            parameter.fill_(value)
    return layer.requires_grad_(True)


@torch.no_grad()
def gru_layer_like(params):
    wz, uz, bz, wr, ur, br, wh, uh, bh, *_ = params
    layer = nn.GRU(wz.shape[0], wz.shape[1], dtype=wz.dtype, device=wz.device)
    values = (
        torch.hstack([wr, wz, wh]).mT,
        torch.hstack([ur, uz, uh]).mT,
        torch.hstack([br, bz, bh]),
        0,
    )
    for (_, parameter), value in zip(layer.named_parameters(), values):
        if torch.is_tensor(value):
            parameter.copy_(value)
        else:
            parameter.fill_(value)
    return layer.requires_grad_(True)
