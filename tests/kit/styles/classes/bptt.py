"""Small layers with forward and backward methods, as in a framework of one's own."""

import torch


class Tanh:
    def forward(self, a):
        self.y = torch.tanh(a)
        return self.y

    def backward(self, dy):
        return dy * (1 - self.y * self.y)


class Sigmoid(Tanh):
    def forward(self, a):
        self.y = torch.sigmoid(a)
        return self.y

    def backward(self, dy):
        return dy * self.y * (1 - self.y)


class Affine:
    def __init__(self, W, U, b):
        self.W, self.U, self.b = W, U, b

    def forward(self, X, S):
        self.X, self.S = X, S
        return X @ self.W + S @ self.U + self.b

    def backward(self, da):
        self.grads = (self.X.T @ da, self.S.T @ da, da.sum(0))
        return da @ self.W.T, da @ self.U.T


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    tape = []
    for X in inputs:
        affine, act = Affine(W_xh, W_hh, b_h), Tanh()
        H = act.forward(affine.forward(X, H))
        tape.append((affine, act))
    carried, grad_inputs, total = torch.zeros_like(H), [], None
    for (affine, act), outside in zip(
        reversed(tape), [grad_states[t] for t in reversed(range(len(tape)))]
    ):
        dX, carried = affine.backward(act.backward(outside + carried))
        grad_inputs.insert(0, dX)
        total = affine.grads if total is None else tuple(a + b for a, b in zip(total, affine.grads))
    return (grad_inputs, carried) + total


def gru_step_backward(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, grad_next):
    az, ar, ah = Affine(W_xz, W_hz, b_z), Affine(W_xr, W_hr, b_r), Affine(W_xh, W_hh, b_h)
    sz, sr, th = Sigmoid(), Sigmoid(), Tanh()
    Z, R = sz.forward(az.forward(X, H)), sr.forward(ar.forward(X, H))
    C = th.forward(ah.forward(X, R * H))
    dX3, dRH = ah.backward(th.backward(grad_next * (1 - Z)))
    dX2, dH2 = ar.backward(sr.backward(dRH * H))
    dX1, dH1 = az.backward(sz.backward(grad_next * (H - C)))
    return (dX1 + dX2 + dX3, grad_next * Z + dRH * R + dH1 + dH2, *az.grads, *ar.grads, *ah.grads)


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    acts = []
    for X in inputs:
        act = Tanh()
        H = act.forward(X @ W_xh + H @ W_hh + b_h)
        acts.append(act)
    rows = torch.eye(H.shape[1], dtype=H.dtype, device=H.device)  # one outside gradient a unit
    norms = []
    for act in reversed(acts):
        rows = act.backward(rows) @ W_hh.T
        norms.append(torch.linalg.matrix_norm(rows, 2).item())
    return tuple(reversed(norms))
