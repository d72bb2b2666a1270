"""Exercise 9: the same networks with torch.nn, in a few lines.

torch brings the loops of the exercises before as layers: `nn.RNN`, `nn.GRU`, `nn.LSTM`. They keep
their parameters differently, so whoever moves weights between the two must know how:

    ours          X @ W, W (d, h)                one bias a gate
    torch         X @ W.T, W (k h, d)            two biases a gate, b_ih and b_hh, which are added
    LSTM rows     i, f, g, o                     g is the candidate memory C̃
    GRU rows      r, z, n                        n is the candidate H̃

Letters: n batch_size, d num_inputs, h num_hiddens, T num_steps.
Source: 《动手学深度学习》(PyTorch), chapters 6.5, 6.7 and 6.8; torch.nn.LSTM and torch.nn.GRU in
PyTorch's reference.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    """A language model around a recurrent layer: one-hot in, logits out.

        H_1 … H_T = rnn_layer(one_hot(inputs))
        Y_t = H_t W + b

    Shapes: inputs (n, T) whole numbers in [0, V) → logits (T·n, V), time-major: all samples of the
    first step, then all of the second. V is vocab_size.

    Watch for: a bidirectional layer gives states of width 2h. The layer and the dense layer must be
    attributes of the module: what is not registered is not trained.

    Args:
        rnn_layer: an `nn.RNN`, `nn.GRU` or `nn.LSTM` over inputs of width V, not batch_first, with
            any number of layers, bidirectional or not.
        vocab_size: V.
    """

    def __init__(self, rnn_layer: nn.RNNBase, vocab_size: int) -> None:
        super().__init__()
        self.rnn = rnn_layer
        self.vocab_size = vocab_size
        directions = 2 if rnn_layer.bidirectional else 1
        self.dense = nn.Linear(rnn_layer.hidden_size * directions, vocab_size)

    def forward(self, inputs: Tensor, state: Tensor | tuple[Tensor, Tensor] | None = None):
        """The logits (T·n, V) and the layer's state; ``state`` None begins with zeros.

        The state is the layer's own: (layers · directions, n, h), for an LSTM two of them.
        """
        X = F.one_hot(inputs.T.long(), self.vocab_size).to(self.dense.weight.dtype)
        H, state = self.rnn(X, state)
        return self.dense(H.reshape(-1, H.shape[-1])), state


def lstm_layer(params: Sequence[Tensor]) -> nn.LSTM:
    """An `nn.LSTM` that gives the hidden states of our `lstm` with the same parameters.

        weight_ih_l0 = rows W_xi.T, W_xf.T, W_xc.T, W_xo.T        weight_hh_l0 likewise
        bias_ih_l0 + bias_hh_l0 = b_i, b_f, b_c, b_o

    Shapes: params as in lstm's `get_params` (fourteen, W_hq and b_q are not used) → a layer with
    weight_ih_l0 (4h, d), weight_hh_l0 (4h, h), two biases (4h,), all trainable.

    Watch for: our order is i, f, o, c; torch's is i, f, g (our c), o. Its weights are transposed,
    and it adds two biases where we have one.
    """
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, *_ = params
    d, h = W_xi.shape
    layer = nn.LSTM(d, h, dtype=W_xi.dtype, device=W_xi.device)
    bias = torch.cat([b_i, b_f, b_c, b_o])
    layer.load_state_dict(
        {
            "weight_ih_l0": torch.cat([W_xi, W_xf, W_xc, W_xo], dim=1).T,
            "weight_hh_l0": torch.cat([W_hi, W_hf, W_hc, W_ho], dim=1).T,
            "bias_ih_l0": bias,
            "bias_hh_l0": torch.zeros_like(bias),
        }
    )
    return layer


def gru_layer_like(params: Sequence[Tensor]) -> nn.GRU:
    """An `nn.GRU` loaded with the nine gate parameters: like our `gru`, but not the same network.

        ours:   H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)         R acts before the product
        torch:  n = tanh(X W_xh + b_in + R ⊙ (H W_hh + b_hn))    R acts after it

    Where R = 1 both are the same. Elsewhere they are not: before the product R chooses which old
    numbers are mixed, after it R scales the finished mixture. No choice of weights makes up for it.

    Shapes: params W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h (what follows is not used) → a
    layer with weight_ih_l0 (3h, d), weight_hh_l0 (3h, h), two biases (3h,), all trainable.

    Watch for: our order is z, r, h; torch's is r, z, n. The candidate's bias belongs to b_ih: in
    b_hh the reset gate would scale it.
    """
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    d, h = W_xz.shape
    layer = nn.GRU(d, h, dtype=W_xz.dtype, device=W_xz.device)
    bias = torch.cat([b_r, b_z, b_h])
    layer.load_state_dict(
        {
            "weight_ih_l0": torch.cat([W_xr, W_xz, W_xh], dim=1).T,
            "weight_hh_l0": torch.cat([W_hr, W_hz, W_hh], dim=1).T,
            "bias_ih_l0": bias,
            "bias_hh_l0": torch.zeros_like(bias),
        }
    )
    return layer
