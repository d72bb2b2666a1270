"""Exercise 2: where the parameters of a recurrent network come from.

Weights start as small random numbers, N(0, 0.01²): small, so that σ and tanh are in their steep
part; random, because hidden units that start equal stay equal. Biases start at zero. The three
networks that follow are built from two groups: a gate's three parameters, and the output layer's
two.

Letters: d num_inputs, h num_hiddens, q num_outputs. A matrix is (inputs, outputs), because we
multiply row vectors from the left: X @ W.

Source: 《动手学深度学习》(PyTorch), chapters 6.4, 6.7 and 6.8 (`_one` and `_three` in their code).
"""

import torch
from torch import nn


def normal_param(shape: tuple[int, ...], device: torch.device | str | None = None) -> nn.Parameter:
    """A weight: a trainable float32 parameter of small random numbers.

        every entry ~ N(0, 0.01²), drawn afresh at each call

    Shapes: shape → a parameter of that shape.

    Watch for: 0.01 is the standard deviation, not the variance. And a parameter must be a leaf of
    the graph: what is computed from a trainable tensor has no .grad of its own.
    """
    return nn.Parameter(torch.randn(shape, dtype=torch.float32, device=device) * 0.01)


def zero_param(size: int, device: torch.device | str | None = None) -> nn.Parameter:
    """A bias: a trainable float32 parameter, all zero.

        b = 0

    Shapes: size → (size,).

    Watch for: a bias has one axis; it is the addition that spreads it over the batch.
    """
    return nn.Parameter(torch.zeros(size, dtype=torch.float32, device=device))


def gate_params(
    num_inputs: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[nn.Parameter, nn.Parameter, nn.Parameter]:
    """The three parameters of one gate, for X W_x + H W_h + b.

        W_x, W_h ~ N(0, 0.01²),    b = 0

    Shapes: W_x (d, h), W_h (h, h), b (h,).

    Watch for: three parameters means three separate tensors, and each call makes new ones.
    """
    W_x = normal_param((num_inputs, num_hiddens), device)
    W_h = normal_param((num_hiddens, num_hiddens), device)
    b = zero_param(num_hiddens, device)
    return W_x, W_h, b


def output_params(
    num_hiddens: int, num_outputs: int, device: torch.device | str | None = None
) -> tuple[nn.Parameter, nn.Parameter]:
    """The two parameters of the output layer, for H W_hq + b_q.

        W_hq ~ N(0, 0.01²),    b_q = 0

    Shapes: W_hq (h, q), b_q (q,).

    Watch for: which size comes first in a matrix that row vectors are multiplied with.
    """
    W_hq = normal_param((num_hiddens, num_outputs), device)
    b_q = zero_param(num_outputs, device)
    return W_hq, b_q
