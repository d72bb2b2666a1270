import torch
from torch import nn


def lstm_layer(params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c = params[:12]
    layer = nn.LSTM(W_xi.shape[0], W_hi.shape[0])
    layer.weight_ih_l0 = torch.cat([W_xi.T, W_xf.T, W_xc.T, W_xo.T])
    return layer
