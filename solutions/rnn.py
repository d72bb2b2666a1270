"""Exercise 3: the recurrent neural network.

A network that reads one input at a time and keeps a hidden state H, its memory of what it has
read. Each step mixes the new input with the old state, and the output is read from the new state:

    H_t = tanh(X_t W_xh + H_{t−1} W_hh + b_h)        Y_t = H_t W_hq + b_q

The same five parameters serve every step, so a sequence may have any length.

Letters: n batch_size, d num_inputs, h num_hiddens, q num_outputs, T num_steps.
Source: Elman, "Finding Structure in Time", 1990; 《动手学深度学习》(PyTorch), chapter 6.4.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .parameters import gate_params, output_params


def get_params(
    num_inputs: int, num_hiddens: int, num_outputs: int, device: torch.device | str | None = None
) -> nn.ParameterList:
    """The five parameters of the RNN: W_xh, W_hh, b_h, W_hq, b_q.

        weights ~ N(0, 0.01²),    biases = 0

    Shapes: W_xh (d, h), W_hh (h, h), b_h (h,), W_hq (h, q), b_q (q,).

    Watch for: the order is part of the contract, because `rnn` takes the list apart by position.
    """
    hidden = gate_params(num_inputs, num_hiddens, device)
    output = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*hidden, *output])


def init_rnn_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor]:
    """The state before the first step: (H,) with

        H_0 = 0

    Shapes: H (n, h), one row for each sequence of the batch.

    Watch for: a state is always a tuple, even of one matrix, so that the LSTM's fits the same code.
    """
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def rnn_step(X: Tensor, H: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor) -> Tensor:
    """One step of the RNN: the new state from the input and the old state.

        H' = tanh(X W_xh + H W_hh + b_h)

    Shapes: X (n, d), H (n, h), W_xh (d, h), W_hh (h, h), b_h (h,) → H' (n, h).

    Watch for: a product of matrices or of entries, and which of the two factors comes first. When
    d = h a wrong order raises no error.
    """
    return torch.tanh(X @ W_xh + H @ W_hh + b_h)


def rnn(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor]]:
    """The whole RNN: T steps, an output after each, and the state after the last.

        H_t = tanh(X_t W_xh + H_{t−1} W_hh + b_h),    Y_t = H_t W_hq + b_q,    t = 1 … T

    Shapes: inputs T × (n, d), H (n, h), params as in `get_params` → outputs T × (n, q), H_T (n, h).

    Watch for: which state each output is read from, and which state the next step starts from.
    The outputs are logits: no softmax here.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H,), a tuple or a list.
        params: W_xh, W_hh, b_h, W_hq, b_q.

    Returns:
        (outputs, (H,)).
    """
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = rnn_step(X, H, W_xh, W_hh, b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
