"""The state built by hand when none is given; eleven parameters unpacked; swapaxes."""

import torch
from torch import nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        self.k = 2 if self.rnn.bidirectional else 1
        self.linear = nn.Linear(self.rnn.hidden_size * self.k, vocab_size)
        self.size = vocab_size

    def begin_state(self, batch_size, like):
        shape = (self.k * self.rnn.num_layers, batch_size, self.rnn.hidden_size)
        zero = torch.zeros(shape, device=like.device, dtype=like.dtype)
        return (zero, zero.clone()) if isinstance(self.rnn, nn.LSTM) else zero

    def forward(self, inputs, state):
        X = F.one_hot(inputs.long(), self.size).swapaxes(0, 1).to(self.linear.weight.dtype)
        if state is None:
            state = self.begin_state(inputs.shape[0], X)
        Y, state = self.rnn(X, state)
        logits = self.linear(Y)
        return logits.reshape(-1, self.size), state


def lstm_layer(params):
    (W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q) = params
    layer = nn.LSTM(*W_xi.shape, dtype=W_xi.dtype, device=W_xi.device)
    rows = zip((W_xi, W_xf, W_xc, W_xo), (W_hi, W_hf, W_hc, W_ho), (b_i, b_f, b_c, b_o))
    with torch.no_grad():
        ih, hh, b = zip(*((W.T, U.T, c) for W, U, c in rows))
        layer.weight_ih_l0.copy_(torch.vstack(ih))
        layer.weight_hh_l0.copy_(torch.vstack(hh))
        layer.bias_ih_l0.copy_(torch.hstack(b))
        layer.bias_hh_l0.mul_(0)
    return layer


def gru_layer_like(params):
    (W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q) = params
    layer = nn.GRU(*W_xz.shape, dtype=W_xz.dtype, device=W_xz.device)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.vstack((W_xr.T, W_xz.T, W_xh.T)))
        layer.weight_hh_l0.copy_(torch.vstack((W_hr.T, W_hz.T, W_hh.T)))
        layer.bias_ih_l0.copy_(torch.hstack((b_r, b_z, b_h)))
        layer.bias_hh_l0.mul_(0)
    return layer
