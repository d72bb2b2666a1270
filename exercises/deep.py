"""Exercise 7: a deep GRU, layers on layers.

One recurrent layer reads the inputs; the next one reads the states of the layer below as if they
were inputs, and so on. The higher a layer, the more of the text it has seen digested.

    layer 1:  H¹_t = GRU(X_t, H¹_{t−1})        layer l:  Hˡ_t = GRU(Hˡ⁻¹_t, Hˡ_{t−1})

with GRU as in exercise 4 and parameters of its own in every layer. Letters: n batch_size,
d num_inputs, h num_hiddens, q num_outputs, T num_steps, L num_layers.
Source: Pascanu et al., "How to Construct Deep Recurrent Neural Networks", 2014; 《动手学深度学习》
(PyTorch), chapter 6.9.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .gru import candidate_state, next_state, reset_gate, update_gate
from .parameters import gate_params, output_params


def get_params(
    num_inputs: int,
    num_hiddens: int,
    num_outputs: int,
    num_layers: int,
    device: torch.device | str | None = None,
) -> nn.ParameterList:
    """The 9 L + 2 parameters: nine for each layer from the bottom, then the output layer.

        W_xz, W_hz, b_z,  W_xr, W_hr, b_r,  W_xh, W_hh, b_h     for layer 1, for layer 2, …
        W_hq, b_q
        weights ~ N(0, 0.01²),    biases = 0

    Shapes: W_x (d, h) in the first layer and (h, h) in the others; W_h (h, h), b (h,); W_hq (h, q),
    b_q (q,).

    Watch for: only the first layer reads the inputs. What do the others read, and how wide is it?
    """
    raise NotImplementedError


def init_deep_state(
    batch_size: int, num_hiddens: int, num_layers: int, device: torch.device | str | None = None
) -> tuple[Tensor, ...]:
    """The state before the first step: one matrix a layer,

        H¹_0 = … = Hᴸ_0 = 0

    Shapes: L × (n, h), each with memory of its own.

    Watch for: L times the same tensor is one tensor.
    """
    raise NotImplementedError


def deep_gru(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """The whole deep GRU: T steps through all layers, an output from the top layer after each.

        Hˡ_t = GRU(Hˡ⁻¹_t, Hˡ_{t−1})    with H⁰_t = X_t
        Y_t = Hᴸ_t W_hq + b_q

    Shapes: inputs T × (n, d), state L × (n, h), params 9 L + 2 as in `get_params` →
    outputs T × (n, q), state L × (n, h).

    Watch for: what goes up is the new state of the layer below, what goes right is the layer's own
    old one. The number of layers is not given: the state tells it.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H¹, …, Hᴸ), a tuple or a list.
        params: the 9 L + 2 parameters.

    Returns:
        (outputs, (H¹, …, Hᴸ)).
    """
    raise NotImplementedError
