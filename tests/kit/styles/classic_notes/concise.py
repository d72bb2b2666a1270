"""As in the first edition: scatter one-hot, the state kept on self, view before the dense layer."""

import torch
from torch import nn


def one_hot(x, n_class, dtype=torch.float32):
    x = x.long()
    res = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    res.scatter_(1, x.view(-1, 1), 1)
    return res


def to_onehot(X, n_class):
    return [one_hot(X[:, i], n_class) for i in range(X.shape[1])]


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super(RNNModel, self).__init__()
        self.rnn = rnn_layer
        self.hidden_size = rnn_layer.hidden_size * (2 if rnn_layer.bidirectional else 1)
        self.vocab_size = vocab_size
        self.dense = nn.Linear(self.hidden_size, vocab_size)
        self.state = None

    def forward(self, inputs, state):
        X = to_onehot(inputs, self.vocab_size)
        Y, self.state = self.rnn(torch.stack(X), state)
        output = self.dense(Y.view(-1, Y.shape[-1]))
        return output, self.state


def lstm_layer(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    layer = nn.LSTM(W_xi.shape[0], W_xi.shape[1]).to(W_xi.device).to(W_xi.dtype)
    layer.weight_ih_l0.data = (
        torch.cat([W_xi.t(), W_xf.t(), W_xc.t(), W_xo.t()], dim=0).detach().clone()
    )
    layer.weight_hh_l0.data = (
        torch.cat([W_hi.t(), W_hf.t(), W_hc.t(), W_ho.t()], dim=0).detach().clone()
    )
    layer.bias_ih_l0.data = torch.cat([b_i, b_f, b_c, b_o]).detach().clone()
    layer.bias_hh_l0.data = torch.zeros_like(layer.bias_ih_l0.data)
    return layer


def gru_layer_like(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = params[:9]
    layer = nn.GRU(W_xz.shape[0], W_xz.shape[1]).to(W_xz.device).to(W_xz.dtype)
    layer.weight_ih_l0.data = torch.cat([W_xr.t(), W_xz.t(), W_xh.t()], dim=0).detach().clone()
    layer.weight_hh_l0.data = torch.cat([W_hr.t(), W_hz.t(), W_hh.t()], dim=0).detach().clone()
    layer.bias_ih_l0.data = torch.cat([b_r, b_z, b_h]).detach().clone()
    layer.bias_hh_l0.data = torch.zeros_like(layer.bias_ih_l0.data)
    return layer
