"""Row-convention Jacobians, einsum for the sums, stacked states."""

import torch


def _forward(inputs, H, W, U, b):
    out = [H]
    for X in inputs:
        out.append(
            torch.tanh(torch.einsum("nd,dh->nh", X, W) + torch.einsum("nk,kh->nh", out[-1], U) + b)
        )
    return torch.stack(out)


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = _forward(inputs, H, W_xh, W_hh, b_h)
    X = torch.stack(list(inputs))
    deltas, carried = [], torch.zeros_like(H)
    for outside, state in zip(reversed(list(grad_states)), states.flip(0)):
        delta = (outside + carried) * (1 - state.square())
        carried = torch.einsum("nh,kh->nk", delta, W_hh)
        deltas.append(delta)
    deltas = torch.stack(deltas).flip(0)
    return (
        torch.einsum("tnh,dh->tnd", deltas, W_xh),
        carried,
        torch.einsum("tnd,tnh->dh", X, deltas),
        torch.einsum("tnk,tnh->kh", states[:-1], deltas),
        torch.einsum("tnh->h", deltas),
    )


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    def pre(W, U, b, S):
        return torch.einsum("nd,dh->nh", X, W) + torch.einsum("nk,kh->nh", S, U) + b

    def grads(delta, S):
        return [
            torch.einsum("nd,nh->dh", X, delta),
            torch.einsum("nk,nh->kh", S, delta),
            torch.einsum("nh->h", delta),
        ]

    def back(delta, W):
        return torch.einsum("nh,kh->nk", delta, W)

    z, r = pre(W_xz, W_hz, b_z, H).sigmoid(), pre(W_xr, W_hr, b_r, H).sigmoid()
    c = pre(W_xh, W_hh, b_h, r * H).tanh()
    dc = grad_next * (1 - z) * (1 - c.square())
    dz = grad_next * (H - c) * z * (1 - z)
    through = back(dc, W_hh)
    dr = through * H * r * (1 - r)
    dX = back(dc, W_xh) + back(dr, W_xr) + back(dz, W_xz)
    dH = grad_next * z + through * r + back(dr, W_hr) + back(dz, W_hz)
    return [dX, dH, *grads(dz, H), *grads(dr, H), *grads(dc, r * H)]


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    states = _forward(inputs, H, W_xh, W_hh, b_h)[1:, 0]
    product, norms = None, []
    for state in states.flip(0):
        factor = W_hh * (1 - state.square())
        product = factor if product is None else factor @ product
        norms.append(float(torch.linalg.norm(product, ord=2)))
    return norms[::-1]
