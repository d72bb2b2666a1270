"""Worked example: the LSTM with peephole connections.

In a plain LSTM the gates see the input X and the hidden state H, but not the memory C that they
rule over: while the output gate is shut, nobody knows what is in it. A peephole lets each gate look
at the memory, number by number, through a weight vector p of its own.

    I = σ(X W_xi + H W_hi + C ⊙ p_i + b_i)        C̃ = tanh(X W_xc + H W_hc + b_c)
    F = σ(X W_xf + H W_hf + C ⊙ p_f + b_f)        C' = F ⊙ C + I ⊙ C̃
    O = σ(X W_xo + H W_ho + C' ⊙ p_o + b_o)       H' = O ⊙ tanh(C')

I and F look at the memory before the step, O at the memory after it. Letters: n batch_size,
d num_inputs, h num_hiddens, q num_outputs, T num_steps. Source: Gers and Schmidhuber, "Recurrent
Nets that Time and Count", 2000.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def init_peephole_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor, Tensor]:
    """The state before the first step: (H, C) with

        H_0 = 0,    C_0 = 0

    Shapes: H and C (n, h).

    Watch for: the hidden state comes first, and the two are separate tensors.
    """
    raise NotImplementedError


def input_gate(
    X: Tensor, H: Tensor, C: Tensor, W_xi: Tensor, W_hi: Tensor, p_i: Tensor, b_i: Tensor
) -> Tensor:
    """The input gate: how much of the candidate is written, knowing what is there already.

        I = σ(X W_xi + H W_hi + C ⊙ p_i + b_i)

    Shapes: X (n, d), H and C (n, h), W_xi (d, h), W_hi (h, h), p_i and b_i (h,) → I (n, h).

    Watch for: a peephole is a vector: each unit looks at its own entry of C and at no other.
    """
    raise NotImplementedError


def forget_gate(
    X: Tensor, H: Tensor, C: Tensor, W_xf: Tensor, W_hf: Tensor, p_f: Tensor, b_f: Tensor
) -> Tensor:
    """The forget gate: how much of the old memory is kept, knowing what it is.

        F = σ(X W_xf + H W_hf + C ⊙ p_f + b_f)

    Shapes: X (n, d), H and C (n, h), W_xf (d, h), W_hf (h, h), p_f and b_f (h,) → F (n, h).

    Watch for: C is the memory as it was before the step.
    """
    raise NotImplementedError


def output_gate(
    X: Tensor, H: Tensor, C: Tensor, W_xo: Tensor, W_ho: Tensor, p_o: Tensor, b_o: Tensor
) -> Tensor:
    """The output gate: how much of the memory is shown, knowing what would be shown.

        O = σ(X W_xo + H W_ho + C ⊙ p_o + b_o)

    Shapes: X (n, d), H and C (n, h), W_xo (d, h), W_ho (h, h), p_o and b_o (h,) → O (n, h).

    Watch for: the formula is that of the other gates; which C it gets is for the caller to say.
    """
    raise NotImplementedError


def peephole_lstm(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor, Tensor]]:
    """The whole network: T steps, an output after each, and the state after the last.

        at each step t = 1 … T:    I, F from X_t, H_{t−1} and C_{t−1}
                                   C_t = F ⊙ C_{t−1} + I ⊙ tanh(X_t W_xc + H_{t−1} W_hc + b_c)
                                   O from X_t, H_{t−1} and C_t
                                   H_t = O ⊙ tanh(C_t)
                                   Y_t = H_t W_hq + b_q

    Shapes: inputs T × (n, d), H and C (n, h), params as below
    → outputs T × (n, q), H_T and C_T (n, h).

    Watch for: which of the gates can be computed before the new memory is there, and which can't.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H, C), a tuple or a list.
        params: W_xi, W_hi, p_i, b_i,  W_xf, W_hf, p_f, b_f,  W_xo, W_ho, p_o, b_o,
            W_xc, W_hc, b_c,  W_hq, b_q: seventeen.

    Returns:
        (outputs, (H, C)).
    """
    raise NotImplementedError
