"""Exercise 8: a bidirectional RNN, which reads a sequence from both ends.

A gap in a sentence is filled from both sides. So one network reads from left to right, another from
right to left, and an output sees the states of both at its place.

    H→_t = tanh(X_t W_xh→ + H→_{t−1} W_hh→ + b_h→)        t = 1 … T
    H←_t = tanh(X_t W_xh← + H←_{t+1} W_hh← + b_h←)        t = T … 1
    Y_t = [H→_t, H←_t] W_hq + b_q

Such a network knows the future, so it can label or complete a text, but not write one.
Letters: n batch_size, d num_inputs, h num_hiddens, q num_outputs, T num_steps.
Source: Schuster & Paliwal, "Bidirectional Recurrent Neural Networks", 1997; 《动手学深度学习》
(PyTorch), chapter 6.10.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .parameters import gate_params, output_params
from .rnn import rnn_step


def get_params(
    num_inputs: int, num_hiddens: int, num_outputs: int, device: torch.device | str | None = None
) -> nn.ParameterList:
    """The eight parameters: three forwards, three backwards, and the output layer.

        W_xh→, W_hh→, b_h→,  W_xh←, W_hh←, b_h←,  W_hq, b_q
        weights ~ N(0, 0.01²),    biases = 0

    Shapes: W_xh (d, h), W_hh (h, h), b_h (h,) in each direction; W_hq (2h, q), b_q (q,).

    Watch for: an output reads two states side by side. How many rows does W_hq need?
    """
    raise NotImplementedError


def init_birnn_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor, Tensor]:
    """The states before the first step of each direction: (H→, H←) with

        H→_0 = 0,    H←_{T+1} = 0

    Shapes: two matrices (n, h), each with memory of its own.

    Watch for: two names for one tensor are one tensor.
    """
    raise NotImplementedError


def birnn(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, Tensor]]:
    """The whole bidirectional RNN: both passes, then an output at every step from both states.

        H→_t = tanh(X_t W_xh→ + H→_{t−1} W_hh→ + b_h→)        from the first step to the last
        H←_t = tanh(X_t W_xh← + H←_{t+1} W_hh← + b_h←)        from the last step to the first
        Y_t = [H→_t, H←_t] W_hq + b_q

    Shapes: inputs T × (n, d), state 2 × (n, h), params as in `get_params` → outputs T × (n, q),
    (H→_T, H←_1) each (n, h).

    Watch for: the backward states are found in the opposite order of the outputs. Which one
    belongs beside H→_1: the first that you computed, or the last?

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H→, H←), a tuple or a list.
        params: the eight parameters.

    Returns:
        (outputs, (H→ after the last step, H← after the first)).
    """
    raise NotImplementedError
