"""Everything as torch.einsum: gates have a letter of their own, k."""

import torch
from torch import einsum


def stacked(params, gates):
    return (torch.stack(list(params[part : 3 * gates : 3])) for part in range(3))


def read(inputs, W, b):
    x = inputs if torch.is_tensor(inputs) else torch.stack(list(inputs))
    return (einsum("tnd,kdh->tknh", x, W) + b.unsqueeze(1)).unbind(0)


def gru_fast(inputs, state, params):
    W, U, b = stacked(params, 3)
    (h,), hs = state, []
    for z, r, c in read(inputs, W, b):
        uz, ur = einsum("ng,kgh->knh", h, U[:2])
        z, r = (z + uz).sigmoid(), (r + ur).sigmoid()
        c = (c + einsum("ng,gh->nh", r * h, U[2])).tanh()
        h = z * h + c - z * c
        hs.append(h)
    return einsum("tnh,hq->tnq", torch.stack(hs), params[9]) + params[10], [h]


def lstm_fast(inputs, state, params):
    W, U, b = stacked(params, 4)
    (h, m), hs = state, []
    for a in read(inputs, W, b):
        a = a + einsum("ng,kgh->knh", h, U)
        i, f, o = a[:3].sigmoid()
        m = f * m + i * a[3].tanh()
        h = o * m.tanh()
        hs.append(h)
    return einsum("tnh,hq->tnq", torch.stack(hs), params[12]) + params[13], [h, m]
