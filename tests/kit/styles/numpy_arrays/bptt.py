"""numpy inside, torch outside, in the type that came in."""

import numpy as np
import torch


def _back(like, *arrays):
    return [torch.as_tensor(np.ascontiguousarray(a)).to(like.dtype) for a in arrays]


def _np(*tensors):
    return [t.cpu().numpy() for t in tensors]


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    if H.is_meta:
        return [torch.empty_like(X) for X in inputs], *(
            torch.empty_like(t) for t in (H, W_xh, W_hh, b_h)
        )
    xs, gs = _np(*inputs), _np(*grad_states)
    h0, A, B, c = _np(H, W_xh, W_hh, b_h)
    hs = [h0]
    for x in xs:
        hs.append(np.tanh(x @ A + hs[-1] @ B + c))
    gA, gB, gc, carried, gx = np.zeros_like(A), np.zeros_like(B), np.zeros_like(c), 0.0, []
    for x, g, before, after in zip(xs[::-1], gs[::-1], hs[-2::-1], hs[:0:-1]):
        da = (g + carried) * (1 - after**2)
        gA, gB, gc = gA + x.T @ da, gB + before.T @ da, gc + da.sum(axis=0)
        gx.append(da @ A.T)
        carried = da @ B.T
    return _back(H, *gx[::-1]), *_back(H, carried, gA, gB, gc)


def gru_step_backward(*arguments):
    if arguments[0].is_meta:
        return tuple(torch.empty_like(a) for a in arguments[:11])
    X, H, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, G = _np(*arguments)
    z, r = _sigmoid(X @ Wz + H @ Uz + bz), _sigmoid(X @ Wr + H @ Ur + br)
    c = np.tanh(X @ Wh + (r * H) @ Uh + bh)
    dc, dz = G * (1 - z) * (1 - c * c), G * (H - c) * z * (1 - z)
    drh = dc @ Uh.T
    dr = drh * H * r * (1 - r)
    dX = dz @ Wz.T + dr @ Wr.T + dc @ Wh.T
    dH = G * z + drh * r + dz @ Uz.T + dr @ Ur.T
    return _back(
        arguments[0],
        dX,
        dH,
        X.T @ dz,
        H.T @ dz,
        dz.sum(0),
        X.T @ dr,
        H.T @ dr,
        dr.sum(0),
        X.T @ dc,
        (r * H).T @ dc,
        dc.sum(0),
    )


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    h, A, B, c = _np(H, W_xh, W_hh, b_h)
    factors = []
    for x in _np(*inputs):
        h = np.tanh(x @ A + h @ B + c)
        factors.append(np.diag(1 - h[0] ** 2) @ B.T)
    return [float(np.linalg.norm(_product(factors[t:]), 2)) for t in range(len(factors))]


def _product(factors):
    out = np.eye(len(factors[0]), dtype=factors[0].dtype)
    for factor in factors:
        out = factor @ out
    return out
