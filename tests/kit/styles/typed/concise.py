"""Typed, nn.Sequential for the readout, load_state_dict, nine parameters unpacked."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

State = Tensor | tuple[Tensor, Tensor] if hasattr(type, "__or__") else object


class RNNModel(nn.Module):
    def __init__(self, rnn_layer: nn.RNNBase, vocab_size: int) -> None:
        super().__init__()
        self.encoder = rnn_layer
        directions = 1 + rnn_layer.bidirectional
        self.decoder = nn.Sequential(
            nn.Flatten(0, 1), nn.Linear(directions * rnn_layer.hidden_size, vocab_size)
        )
        self.register_buffer("classes", torch.tensor(vocab_size), persistent=False)
        self._vocab_size = vocab_size

    def forward(self, inputs: Tensor, state=None):
        one_hot = F.one_hot(inputs.to(torch.int64).t(), num_classes=self._vocab_size)
        hidden, state = self.encoder(one_hot.float(), state)
        return self.decoder(hidden), state


def _stack(*parts: Tensor) -> Tensor:
    return torch.cat([part.detach().T for part in parts])


def lstm_layer(params: Sequence[Tensor]) -> nn.LSTM:
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, _, _ = params
    layer = nn.LSTM(W_xi.size(0), W_xi.size(1), device=W_xi.device, dtype=W_xi.dtype)
    bias = torch.cat([b_i, b_f, b_c, b_o]).detach()
    layer.load_state_dict(
        {
            "weight_ih_l0": _stack(W_xi, W_xf, W_xc, W_xo),
            "weight_hh_l0": _stack(W_hi, W_hf, W_hc, W_ho),
            "bias_ih_l0": torch.zeros_like(bias),
            "bias_hh_l0": bias,
        }
    )
    return layer


def gru_layer_like(params: Sequence[Tensor]) -> nn.GRU:
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = params
    layer = nn.GRU(W_xz.size(0), W_xz.size(1), device=W_xz.device, dtype=W_xz.dtype)
    bias = torch.cat([b_r, b_z, b_h]).detach()
    layer.load_state_dict(
        {
            "weight_ih_l0": _stack(W_xr, W_xz, W_xh),
            "weight_hh_l0": _stack(W_hr, W_hz, W_hh),
            "bias_ih_l0": bias,
            "bias_hh_l0": torch.zeros_like(bias),
        }
    )
    return layer
