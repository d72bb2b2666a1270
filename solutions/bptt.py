"""Exercise 10: back-propagation through time, by hand.

Autograd has done this work so far. Here it is off (`torch.inference_mode()`), and the chain rule is
yours: from the last step back to the first, each step hands the gradient of its old state on.

    tanh'(a) = 1 − tanh(a)²        σ'(a) = σ(a) (1 − σ(a))        Y = A B:  dA = dY Bᵀ, dB = Aᵀ dY

Below, dQ stands for ∂L/∂Q, which has the shape of Q.
Letters: n batch_size, d num_inputs, h num_hiddens, T num_steps.
Source: Werbos, "Backpropagation Through Time: What It Does and How to Do It", 1990; Pascanu et al.,
"On the difficulty of training recurrent neural networks", 2013; 《动手学深度学习》(PyTorch),
chapter 6.6.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def rnn_backward(
    inputs: Sequence[Tensor] | Tensor,
    H: Tensor,
    W_xh: Tensor,
    W_hh: Tensor,
    b_h: Tensor,
    grad_states: Sequence[Tensor] | Tensor,
) -> tuple[list[Tensor], Tensor, Tensor, Tensor, Tensor]:
    """All gradients of a tanh RNN, given what reaches each state from outside.

        forwards:   H_t = tanh(X_t W_xh + H_{t−1} W_hh + b_h)        t = 1 … T,  H_0 = H
        backwards:  dA_t = (dL/dH_t from outside + dA_{t+1} W_hhᵀ) ⊙ (1 − H_t²)
                    dX_t = dA_t W_xhᵀ        dH_0 = dA_1 W_hhᵀ
                    dW_xh = Σ_t X_tᵀ dA_t    dW_hh = Σ_t H_{t−1}ᵀ dA_t    db_h = Σ_t Σ_rows dA_t

    Shapes: inputs T × (n, d), H (n, h), W_xh (d, h), W_hh (h, h), b_h (h,), grad_states T × (n, h)
    → grad_inputs T × (n, d), then the shapes of H, W_xh, W_hh, b_h.

    Watch for: two gradients meet in each state: one from outside, one from the step after it.
    Parameters are used at every step, so their gradients are sums.

    Args:
        inputs: a list, a tuple or one tensor of shape (T, n, d).
        grad_states: ∂L/∂H_t from outside, for each step; a list, a tuple or one tensor.

    Returns:
        (grad_inputs, grad_H, grad_W_xh, grad_W_hh, grad_b_h).
    """
    states = _states(inputs, H, W_xh, W_hh, b_h)
    grad_W_xh, grad_W_hh = torch.zeros_like(W_xh), torch.zeros_like(W_hh)
    grad_b_h, carried = torch.zeros_like(b_h), torch.zeros_like(H)
    grad_inputs = []
    for t in reversed(range(len(inputs))):
        grad_A = (grad_states[t] + carried) * (1 - states[t + 1] ** 2)
        grad_W_xh = grad_W_xh + inputs[t].T @ grad_A
        grad_W_hh = grad_W_hh + states[t].T @ grad_A
        grad_b_h = grad_b_h + grad_A.sum(dim=0)
        grad_inputs.append(grad_A @ W_xh.T)
        carried = grad_A @ W_hh.T
    return grad_inputs[::-1], carried, grad_W_xh, grad_W_hh, grad_b_h


def gru_step_backward(
    X: Tensor,
    H: Tensor,
    W_xz: Tensor,
    W_hz: Tensor,
    b_z: Tensor,
    W_xr: Tensor,
    W_hr: Tensor,
    b_r: Tensor,
    W_xh: Tensor,
    W_hh: Tensor,
    b_h: Tensor,
    grad_next: Tensor,
) -> tuple[Tensor, ...]:
    """The gradients of one GRU step, given the gradient of its new state.

        forwards:   Z = σ(X W_xz + H W_hz + b_z)    R = σ(X W_xr + H W_hr + b_r)
                    H̃ = tanh(X W_xh + (R ⊙ H) W_hh + b_h)    H' = Z ⊙ H + (1 − Z) ⊙ H̃
        backwards:  dZ = dH' ⊙ (H − H̃)    dH̃ = dH' ⊙ (1 − Z)    d(R ⊙ H) = (dH̃ ⊙ (1 − H̃²)) W_hhᵀ
                    dH = dH' ⊙ Z  +  d(R ⊙ H) ⊙ R  +  what comes through R and Z

    Shapes: X (n, d), H and grad_next (n, h), W_x (d, h), W_h (h, h), b (h,) → eleven gradients with
    the shapes of the first eleven arguments, in their order.

    Watch for: H has four ways into H': directly, through R ⊙ H, through R itself, and through Z.
    Its gradient is the sum over all four.
    """
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)

    grad_a_z = grad_next * (H - H_tilde) * Z * (1 - Z)  # a_z, a_r, a_h: what σ and tanh are given
    grad_a_h = grad_next * (1 - Z) * (1 - H_tilde**2)
    grad_RH = grad_a_h @ W_hh.T
    grad_a_r = grad_RH * H * R * (1 - R)

    grad_X = grad_a_z @ W_xz.T + grad_a_r @ W_xr.T + grad_a_h @ W_xh.T
    grad_H = grad_next * Z + grad_RH * R + grad_a_r @ W_hr.T + grad_a_z @ W_hz.T
    return (
        grad_X,
        grad_H,
        *(X.T @ grad_a_z, H.T @ grad_a_z, grad_a_z.sum(dim=0)),
        *(X.T @ grad_a_r, H.T @ grad_a_r, grad_a_r.sum(dim=0)),
        *(X.T @ grad_a_h, (R * H).T @ grad_a_h, grad_a_h.sum(dim=0)),
    )


def state_gradient_norms(
    inputs: Sequence[Tensor] | Tensor, H: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor
) -> list[float]:
    """How much the last state of a tanh RNN still feels of each earlier one: T spectral norms.

        J_t = ∂H_T/∂H_t = product over s = T … t+1, later steps on the left, of diag(1 − H_s²) W_hhᵀ
        returned: ‖J_0‖₂, …, ‖J_{T−1}‖₂

    Norms that shrink towards the front mean a vanishing gradient, norms that grow an exploding one.

    Shapes: inputs T × (1, d), H (1, h), W_xh (d, h), W_hh (h, h), b_h (h,) → T floats, t = 0 … T−1.

    Watch for: ‖·‖₂ of a matrix is its largest singular value, not the root of the sum of squares;
    and the norm of a product is not the product of the norms.
    """
    states = _states(inputs, H, W_xh, W_hh, b_h)
    jacobian = torch.eye(H.shape[1], dtype=H.dtype, device=H.device)
    norms = []
    for H_next in reversed(states[1:]):
        jacobian = (jacobian * (1 - H_next**2)) @ W_hh.T
        norms.append(float(torch.linalg.matrix_norm(jacobian, ord=2)))
    return norms[::-1]


def _states(
    inputs: Sequence[Tensor] | Tensor, H: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor
) -> list[Tensor]:
    """H_0, H_1, …, H_T of a tanh RNN: T + 1 matrices (n, h)."""
    states = [H]
    for X in inputs:
        states.append(torch.tanh(X @ W_xh + states[-1] @ W_hh + b_h))
    return states
