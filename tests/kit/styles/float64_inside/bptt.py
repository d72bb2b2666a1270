"""float64 inside, cast back to the type of the inputs."""

import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    kind = H.dtype
    xs, gs = [x.double() for x in inputs], [g.double() for g in grad_states]
    A, B, c = W_xh.double(), W_hh.double(), b_h.double()
    hs = [H.double()]
    for x in xs:
        hs.append(torch.tanh(x @ A + hs[-1] @ B + c))
    deltas = []
    carried = torch.zeros_like(hs[0])
    for t in range(len(xs) - 1, -1, -1):
        deltas.append((gs[t] + carried) / torch.cosh(xs[t] @ A + hs[t] @ B + c) ** 2)
        carried = deltas[-1] @ B.T
    deltas = deltas[::-1]
    gA = sum(x.T @ d for x, d in zip(xs, deltas))
    gB = sum(h.T @ d for h, d in zip(hs, deltas))
    gc = sum(d.sum(0) for d in deltas)
    return (
        [(d @ A.T).to(kind) for d in deltas],
        carried.to(kind),
        gA.to(kind),
        gB.to(kind),
        gc.to(kind),
    )


def gru_step_backward(*given):
    kind = given[0].dtype
    X, H, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, g = [t.double() for t in given]
    Z, R = torch.sigmoid(X @ Wz + H @ Uz + bz), torch.sigmoid(X @ Wr + H @ Ur + br)
    C = torch.tanh(X @ Wh + (R * H) @ Uh + bh)
    c = g * (1 - Z) * (1 - C**2)
    z = g * (H - C) * (Z - Z**2)
    m = c @ Uh.T
    r = m * H * (R - R**2)
    found = [z @ Wz.T + r @ Wr.T + c @ Wh.T, g * Z + m * R + z @ Uz.T + r @ Ur.T]
    for d, S in ((z, H), (r, H), (c, R * H)):
        found += [X.T @ d, S.T @ d, d.sum(0)]
    return tuple(f.to(kind) for f in found)


def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    A, B, c, h = W_xh.double(), W_hh.double(), b_h.double(), H.double()
    slopes = []
    for X in inputs:
        h = torch.tanh(X.double() @ A + h @ B + c)
        slopes.append(1 - h.squeeze(0) ** 2)
    J, norms = torch.eye(len(B), dtype=torch.float64, device=B.device), []
    while slopes:
        J = J * slopes.pop() @ B.T
        norms = [float(torch.linalg.norm(J, 2))] + norms
    return norms
