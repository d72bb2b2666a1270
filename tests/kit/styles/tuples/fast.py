"""Tuples everywhere; an output falls out of the next step's product with the state."""

from collections import namedtuple

import torch

State = namedtuple("State", "H C")


def gru_fast(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), h = state, len(b_h)
    gates = torch.cat((W_hz, W_hr, W_hq), dim=1)
    rows = torch.cat(tuple(inputs)) @ torch.cat((W_xz, W_xr, W_xh), dim=1)
    rows = (rows + torch.cat((b_z, b_r, b_h))).split(len(H))
    outputs = ()
    for row in rows:
        Z, R, Y = (H @ gates).split((h, h, len(b_q)), dim=1)
        outputs += (Y + b_q,)
        a_z, a_r, a_h = row.split(h, dim=1)
        Z, R = torch.sigmoid(a_z + Z), torch.sigmoid(a_r + R)
        H = Z * H + (1 - Z) * torch.tanh(a_h + (R * H) @ W_hh)
    return outputs[1:] + (H @ W_hq + b_q,), (H,)


def lstm_fast(inputs, state, params):
    (*gates, W_hq, b_q) = params
    W_x, W_h, b = zip(*zip(*[iter(gates)] * 3))
    state = State(*state)
    hidden = torch.cat(W_h + (W_hq,), dim=1)
    rows = torch.cat(tuple(inputs)).matmul(torch.cat(W_x, dim=1)).add(torch.cat(b))
    outputs = ()
    for row in rows.split(len(state.H)):
        a, Y = (state.H @ hidden).split((row.shape[1], len(b_q)), dim=1)
        outputs += (Y + b_q,)
        i, f, o, c = (row + a).chunk(4, dim=1)
        C = f.sigmoid() * state.C + i.sigmoid() * c.tanh()
        state = State(H=o.sigmoid() * C.tanh(), C=C)
    return outputs[1:] + (state.H @ W_hq + b_q,), state
