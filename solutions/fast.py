"""Exercise 11: the same GRU and LSTM, faster.

Written as in the books, an LSTM makes nine small matrix products at every step, a GRU seven. Each
costs a fixed time before the first number is multiplied (Python, dispatch, a node of the autograd
graph, on a GPU the launch of a kernel), and a small one leaves most of the hardware idle. So the
rule is: few and large. What does not wait for the state is computed for all steps at once, and
what waits for the same state is computed side by side:

    A = [X_1; …; X_T] [W_x·, W_x·, …] + [b_·, b_·, …]      inputs of all steps, all gates: once
    A_t + H_{t−1} [W_h·, W_h·, …]                          all gates of a step: one product
    [Y_1; …; Y_T] = [H_1; …; H_T] W_hq + b_q               outputs of all steps: once

[P; Q] puts matrices one below the other, [P, Q] side by side. Only the order of the work changes:
values and gradients are those of exercises 4 and 5. Letters: n batch_size, d num_inputs,
h num_hiddens, q num_outputs, T num_steps.
Source: Appleyard, Kočiský and Blunsom, "Optimizing Performance of Recurrent Neural Networks on
GPUs", 2016; Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", 2014.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def _rows(inputs: Sequence[Tensor] | Tensor) -> Tensor:
    """The inputs of all steps, one below the other: (T·n, d), the n rows of step 1 first."""
    return inputs.flatten(0, 1) if isinstance(inputs, Tensor) else torch.cat(tuple(inputs))


def gru_fast(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[Sequence[Tensor] | Tensor, tuple[Tensor]]:
    """What `gru` returns, with at most two matrix products a time step.

        before the loop:    [A_z, A_r, A_h] = X [W_xz, W_xr, W_xh] + [b_z, b_r, b_h]    for all t
        at each step t:     [Z, R] = σ([A_z, A_r] + H_{t−1} [W_hz, W_hr])
                            H̃ = tanh(A_h + (R ⊙ H_{t−1}) W_hh)
                            H_t = Z ⊙ H_{t−1} + (1 − Z) ⊙ H̃
        after the loop:     Y = H W_hq + b_q                                            for all t

    Shapes: inputs T × (n, d), H (n, h), params as in exercise 4's `get_params`; X (T·n, d),
    [W_xz, W_xr, W_xh] (d, 3h), [W_hz, W_hr] (h, 2h) → outputs T × (n, q) or one (T·n, q) tensor,
    time-major; H_T (n, h).

    Watch for: the parameters come as z, r, h, so say which columns are whose. Why can W_hh not
    stand beside W_hz and W_hr? `torch.nn.GRU` needs one product a step, and is another network.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H,), a tuple or a list.
        params: the eleven parameters of `gru`.

    Returns:
        (outputs, (H,)).
    """
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    n, h = H.shape
    # Inputs are all known beforehand: T · 3 products of (n, d) become one of (T·n, d). addmm adds
    # the bias within the product, which saves reading and writing the whole result once more.
    W_x = torch.cat((W_xz, W_xr, W_xh), dim=1)
    A = torch.addmm(torch.cat((b_z, b_r, b_h)), _rows(inputs), W_x)
    A_gates, A_candidate = A.split((2 * h, h), dim=1)
    # Both gates read the same H, so their weights stand side by side. W_hh waits for R: that is
    # the second product, and no order of the work saves it while R acts before W_hh.
    W_gates = torch.cat((W_hz, W_hr), dim=1)
    states = []
    # split makes T views in one go, and their gradients are joined in one go. A[t] in the loop
    # would give every step a gradient of the size of all steps: T² in place of T.
    for A_zr, A_h in zip(A_gates.split(n), A_candidate.split(n), strict=True):
        Z, R = torch.sigmoid(torch.addmm(A_zr, H, W_gates)).chunk(2, dim=1)
        H_tilde = torch.tanh(torch.addmm(A_h, R * H, W_hh))
        H = torch.lerp(H_tilde, H, Z)  # H̃ + Z ⊙ (H − H̃): one operation for the four of the mixture
        states.append(H)
    # No step waits for an output either.
    return torch.addmm(b_q, torch.cat(states), W_hq), (H,)


def lstm_fast(
    inputs: Sequence[Tensor] | Tensor, state: Sequence[Tensor], params: Sequence[Tensor]
) -> tuple[Sequence[Tensor] | Tensor, tuple[Tensor, Tensor]]:
    """What `lstm` returns, with at most one matrix product a time step.

        before the loop:    A = X [W_xi, W_xf, W_xo, W_xc] + [b_i, b_f, b_o, b_c]       for all t
        at each step t:     [i, f, o, c] = A_t + H_{t−1} [W_hi, W_hf, W_ho, W_hc]
                            C_t = σ(f) ⊙ C_{t−1} + σ(i) ⊙ tanh(c)
                            H_t = σ(o) ⊙ tanh(C_t)
        after the loop:     Y = H W_hq + b_q                                            for all t

    Shapes: inputs T × (n, d), H and C (n, h), params as in exercise 5's `get_params`; X (T·n, d),
    [W_xi, …] (d, 4h), [W_hi, …] (h, 4h) → outputs T × (n, q) or one (T·n, q) tensor, time-major;
    H_T and C_T (n, h).

    Watch for: weights, biases and the pieces that you cut off must have one and the same order.
    torch's own LSTM is not asked for: you write what it does.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        state: (H, C), a tuple or a list.
        params: the fourteen parameters of `lstm`.

    Returns:
        (outputs, (H, C)).
    """
    *gates, W_hq, b_q = params  # W_x, W_h, b of the input gate, then f, o, c
    H, C = state
    n, h = H.shape
    # Inputs first, as in gru_fast: one product for all steps and all four gates.
    A = torch.addmm(torch.cat(gates[2::3]), _rows(inputs), torch.cat(gates[0::3], dim=1))
    # All four read the same H: one product a step, the least that a recurrence can do with.
    W_h = torch.cat(gates[1::3], dim=1)
    states = []
    for A_t in A.split(n):  # not A[t]: see gru_fast
        # The order i, f, o, c has the three gates next to each other: one σ for all of them.
        gates_t, candidate = torch.addmm(A_t, H, W_h).split((3 * h, h), dim=1)
        I, F, O = torch.sigmoid(gates_t).chunk(3, dim=1)
        C = torch.addcmul(F * C, I, torch.tanh(candidate))  # F ⊙ C + I ⊙ C̃ in two operations
        H = O * torch.tanh(C)
        states.append(H)
    return torch.addmm(b_q, torch.cat(states), W_hq), (H, C)
