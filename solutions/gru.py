"""Exercise 4: the gated recurrent unit (GRU).

A plain RNN rewrites its whole state at every step and soon forgets. A GRU decides, number by
number, what to keep: the reset gate says how much of the old state the candidate may see, the
update gate how much of the old state survives.

    R = σ(X W_xr + H W_hr + b_r)              Z = σ(X W_xz + H W_hz + b_z)
    H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)     H' = Z ⊙ H + (1 − Z) ⊙ H̃

⊙ multiplies entry by entry. Letters: n batch_size, d num_inputs, h num_hiddens, q num_outputs,
T num_steps. Books and libraries differ in where the reset gate acts and in which of Z and 1 − Z
keeps; this file follows the equations above, so `torch.nn.GRU` gives other numbers.
Source: Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder for Statistical
Machine Translation", 2014; 《动手学深度学习》(PyTorch), chapter 6.7.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .parameters import gate_params, output_params


def get_params(
    num_inputs: int, num_hiddens: int, num_outputs: int, device: torch.device | str | None = None
) -> nn.ParameterList:
    """The eleven parameters of the GRU: three groups of three, and the output layer.

        W_xz, W_hz, b_z,  W_xr, W_hr, b_r,  W_xh, W_hh, b_h,  W_hq, b_q
        weights ~ N(0, 0.01²),    biases = 0

    Shapes: W_x (d, h), W_h (h, h), b (h,) in each group; W_hq (h, q), b_q (q,).

    Watch for: the update gate's group comes first, and no tensor serves two groups.
    """
    update = gate_params(num_inputs, num_hiddens, device)
    reset = gate_params(num_inputs, num_hiddens, device)
    candidate = gate_params(num_inputs, num_hiddens, device)
    output = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*update, *reset, *candidate, *output])


def init_gru_state(
    batch_size: int, num_hiddens: int, device: torch.device | str | None = None
) -> tuple[Tensor]:
    """The state before the first step: (H,) with

        H_0 = 0

    Shapes: H (n, h), one row for each sequence of the batch.

    Watch for: a state is always a tuple, even of one matrix.
    """
    return (torch.zeros((batch_size, num_hiddens), device=device),)


def reset_gate(X: Tensor, H: Tensor, W_xr: Tensor, W_hr: Tensor, b_r: Tensor) -> Tensor:
    """The reset gate: how much of the old state the candidate may look at.

        R = σ(X W_xr + H W_hr + b_r)

    Shapes: X (n, d), H (n, h), W_xr (d, h), W_hr (h, h), b_r (h,) → R (n, h).

    Watch for: a gate is a fraction, so its entries lie between 0 and 1.
    """
    return torch.sigmoid(X @ W_xr + H @ W_hr + b_r)


def update_gate(X: Tensor, H: Tensor, W_xz: Tensor, W_hz: Tensor, b_z: Tensor) -> Tensor:
    """The update gate: how much of the old state survives this step.

        Z = σ(X W_xz + H W_hz + b_z)

    Shapes: X (n, d), H (n, h), W_xz (d, h), W_hz (h, h), b_z (h,) → Z (n, h).

    Watch for: it has the reset gate's form but not its parameters; a copied line often keeps one
    of the other gate's names.
    """
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)


def candidate_state(
    X: Tensor, H: Tensor, R: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor
) -> Tensor:
    """The candidate: what the state would become if nothing of it were kept.

        H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)

    Shapes: X (n, d), H and R (n, h), W_xh (d, h), W_hh (h, h), b_h (h,) → H̃ (n, h).

    Watch for: the brackets. What exactly does R multiply, and is that before or after the product
    with W_hh? The two are different networks, and small weights hide the difference.
    """
    return torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)


def next_state(Z: Tensor, H: Tensor, H_tilde: Tensor) -> Tensor:
    """The new state: a mixture of the old state and the candidate, entry by entry.

        H' = Z ⊙ H + (1 − Z) ⊙ H̃

    Shapes: Z, H and H̃ (n, h) → H' (n, h).

    Watch for: the two shares add up to one. Say aloud what Z = 1 does, then try it.
    """
    return Z * H + (1 - Z) * H_tilde


def gru(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[list[Tensor], tuple[Tensor]]:
    """The whole GRU: T steps, an output after each, and the state after the last.

        at each step t = 1 … T:    Z, R, H̃ from X_t and H_{t−1}
                                   H_t = Z ⊙ H_{t−1} + (1 − Z) ⊙ H̃
                                   Y_t = H_t W_hq + b_q

    Shapes: inputs T × (n, d), H (n, h), params as in `get_params` → outputs T × (n, q), H_T (n, h).

    Watch for: eleven names in the order of `get_params`, and no output from the candidate. The
    outputs are logits: no softmax here.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H,), a tuple or a list.
        params: the eleven parameters.

    Returns:
        (outputs, (H,)).
    """
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        Z = update_gate(X, H, W_xz, W_hz, b_z)
        R = reset_gate(X, H, W_xr, W_hr, b_r)
        H_tilde = candidate_state(X, H, R, W_xh, W_hh, b_h)
        H = next_state(Z, H, H_tilde)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
