"""Exercise 5: long short-term memory (LSTM).

An LSTM keeps two matrices: the memory C, which is only ever scaled and added to, so that gradients
pass through many steps; and the hidden state H, the part of the memory that it shows. Three gates
decide what is forgotten, what is written and what is shown.

    I, F, O = σ(X W_x· + H W_h· + b_·)        C̃ = tanh(X W_xc + H W_hc + b_c)
    C' = F ⊙ C + I ⊙ C̃                        H' = O ⊙ tanh(C')

⊙ multiplies entry by entry. Letters: n batch_size, d num_inputs, h num_hiddens, q num_outputs,
T num_steps. Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997; the forget gate:
Gers, Schmidhuber and Cummins, "Learning to Forget", 2000; 《动手学深度学习》(PyTorch), chapter 6.8.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .parameters import gate_params, output_params


def get_params(
    num_inputs: int, num_hiddens: int, num_outputs: int, device: torch.device | str | None = None
) -> nn.ParameterList:
    """The fourteen parameters of the LSTM: four groups of three, and the output layer.

        W_xi, W_hi, b_i,  W_xf, W_hf, b_f,  W_xo, W_ho, b_o,  W_xc, W_hc, b_c,  W_hq, b_q
        weights ~ N(0, 0.01²),    biases = 0

    Shapes: W_x (d, h), W_h (h, h), b (h,) in each group; W_hq (h, q), b_q (q,).

    Watch for: the order is input, forget, output, candidate: not the order of `torch.nn.LSTM`.
    """
    raise NotImplementedError


def init_lstm_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor, Tensor]:
    """The state before the first step: (H, C) with

        H_0 = 0,    C_0 = 0

    Shapes: H and C (n, h).

    Watch for: the hidden state comes first, and the two are separate tensors.
    """
    raise NotImplementedError


def input_gate(X: Tensor, H: Tensor, W_xi: Tensor, W_hi: Tensor, b_i: Tensor) -> Tensor:
    """The input gate: how much of the candidate is written into the memory.

        I = σ(X W_xi + H W_hi + b_i)

    Shapes: X (n, d), H (n, h), W_xi (d, h), W_hi (h, h), b_i (h,) → I (n, h).

    Watch for: gates look at the hidden state H, not at the memory.
    """
    raise NotImplementedError


def forget_gate(X: Tensor, H: Tensor, W_xf: Tensor, W_hf: Tensor, b_f: Tensor) -> Tensor:
    """The forget gate: how much of the old memory is kept (so 1 forgets nothing).

        F = σ(X W_xf + H W_hf + b_f)

    Shapes: X (n, d), H (n, h), W_xf (d, h), W_hf (h, h), b_f (h,) → F (n, h).

    Watch for: some books give this gate's bias a head start. Here the equation says it all.
    """
    raise NotImplementedError


def output_gate(X: Tensor, H: Tensor, W_xo: Tensor, W_ho: Tensor, b_o: Tensor) -> Tensor:
    """The output gate: how much of the memory is shown in the hidden state.

        O = σ(X W_xo + H W_ho + b_o)

    Shapes: X (n, d), H (n, h), W_xo (d, h), W_ho (h, h), b_o (h,) → O (n, h).

    Watch for: three gates of one form, each with its own three parameters.
    """
    raise NotImplementedError


def candidate_memory(X: Tensor, H: Tensor, W_xc: Tensor, W_hc: Tensor, b_c: Tensor) -> Tensor:
    """The candidate: what this step would write into the memory.

        C̃ = tanh(X W_xc + H W_hc + b_c)

    Shapes: X (n, d), H (n, h), W_xc (d, h), W_hc (h, h), b_c (h,) → C̃ (n, h).

    Watch for: the candidate is content, not a fraction: it may be negative.
    """
    raise NotImplementedError


def next_memory(F: Tensor, C: Tensor, I: Tensor, C_tilde: Tensor) -> Tensor:
    """The new memory: what is kept of the old one, and what is written.

        C' = F ⊙ C + I ⊙ C̃

    Shapes: F, C, I and C̃ (n, h) → C' (n, h).

    Watch for: which gate belongs to which term. The memory may grow beyond 1: nothing squashes it.
    """
    raise NotImplementedError


def next_state(O: Tensor, C: Tensor) -> Tensor:
    """The new hidden state: the part of the memory that is shown.

        H' = O ⊙ tanh(C)

    Shapes: O and C (n, h) → H' (n, h).

    Watch for: what tanh is taken of. However large the memory, H' lies between −1 and 1.
    """
    raise NotImplementedError


def lstm(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, Tensor]]:
    """The whole LSTM: T steps, an output after each, and the state after the last.

        at each step t = 1 … T:    I, F, O, C̃ from X_t and H_{t−1}
                                   C_t = F ⊙ C_{t−1} + I ⊙ C̃
                                   H_t = O ⊙ tanh(C_t)
                                   Y_t = H_t W_hq + b_q

    Shapes: inputs T × (n, d), H and C (n, h), params as in `get_params`
    → outputs T × (n, q), H_T and C_T (n, h).

    Watch for: which memory the hidden state is taken from, which of the two the output is read
    from, and the order in the state that you return.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H, C), a tuple or a list.
        params: the fourteen parameters.

    Returns:
        (outputs, (H, C)).
    """
    raise NotImplementedError
