"""Right but expensive versions of exercises/fast.py: the same values, too many products, or a
product that torch makes for them. What counts cost must find each of them.

``GRU`` and ``LSTM`` hold the functions by name. Each stands alone, so that its text is a submission
once it is renamed; ``torch``, ``nn`` and ``F`` (torch's functional) are all that it needs.
"""

import inspect
import re
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F


def gru_textbook(inputs, state, params):
    """The textbook's loop: seven products a step."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for X in inputs:
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H = Z * H + (1 - Z) * torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)


def gru_product_per_gate(inputs, state, params):
    """Inputs and outputs outside the loop, but a product for each gate: three a step."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat([W_xz, W_xr, W_xh], 1) + torch.cat([b_z, b_r, b_h])
    for A_t in A.split(len(H)):
        a_z, a_r, a_h = A_t.chunk(3, 1)
        Z, R = torch.sigmoid(a_z + H @ W_hz), torch.sigmoid(a_r + H @ W_hr)
        H = Z * H + (1 - Z) * torch.tanh(a_h + (R * H) @ W_hh)
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)


def gru_output_in_the_loop(inputs, state, params):
    """Two products for the state, and a third in the loop for the output."""
    (H,), outputs = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
    W = torch.cat([params[1], params[4]], 1)
    for A_t in A.split(len(H)):
        gates, candidate = A_t.split([2 * len(W), len(W)], 1)
        Z, R = torch.sigmoid(gates + H @ W).chunk(2, 1)
        H = Z * H + (1 - Z) * torch.tanh(candidate + (R * H) @ params[7])
        outputs.append(H @ params[9] + params[10])
    return outputs, (H,)


def gru_sample_by_sample(inputs, state, params):
    """A loop over the samples around the loop over the steps: 2 n products a step."""
    X, (H,), samples = torch.stack(list(inputs)), state, []
    W = torch.cat([params[1], params[4]], 1)
    for i in range(len(H)):
        A = X[:, i] @ torch.cat(params[0:9:3], 1) + torch.cat(params[2:9:3])
        h, states = H[i : i + 1], []
        for a in A.split(1):
            Z, R = torch.sigmoid(a[:, : 2 * len(W)] + h @ W).chunk(2, 1)
            h = torch.lerp(torch.tanh(a[:, 2 * len(W) :] + (R * h) @ params[7]), h, Z)
            states.append(h)
        samples.append(torch.stack(states))
    states = torch.cat(samples, 1)
    return states @ params[9] + params[10], (states[-1],)


def gru_products_as_sums(inputs, state, params):
    """No matrix product at all in the loop: entries multiplied and summed, n·h·h of them a gate."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat([W_xz, W_xr, W_xh], 1) + torch.cat([b_z, b_r, b_h])
    for A_t in A.split(len(H)):
        a_z, a_r, a_h = A_t.chunk(3, 1)
        Z = torch.sigmoid(a_z + (H.unsqueeze(2) * W_hz).sum(1))
        R = torch.sigmoid(a_r + (H.unsqueeze(2) * W_hr).sum(1))
        H_tilde = torch.tanh(a_h + ((R * H).unsqueeze(2) * W_hh).sum(1))
        H = torch.lerp(H_tilde, H, Z)
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)


def gru_by_torchs_cell(inputs, state, params):
    """torch.gru_cell, which reads R ⊙ H as further inputs; only R is made by one's own product."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states = state, []
    zero, no_h, b = torch.zeros_like(W_xz), torch.zeros_like(W_hh), torch.zeros_like(b_z)
    W_x = torch.cat([torch.cat([zero, W_xz, W_xh], 1), torch.cat([no_h, no_h, W_hh], 1)]).t()
    W_h, bias = torch.cat([no_h, W_hz, no_h], 1).t(), torch.cat([b, b_z, b_h])
    A = torch.cat(list(inputs)) @ W_xr + b_r
    for X, a_r in zip(inputs, A.split(len(H)), strict=True):
        R = torch.sigmoid(a_r + H @ W_hr)
        read = torch.cat([X, R * H], 1)
        H = torch.gru_cell(read, H, W_x, W_h, bias, torch.zeros_like(bias))
        states.append(H)
    return torch.cat(states) @ W_hq + b_q, (H,)


def lstm_textbook(inputs, state, params):
    """The textbook's loop: nine products a step."""
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    (H, C), outputs = state, []
    for X in inputs:
        gates = [(W_xi, W_hi, b_i), (W_xf, W_hf, b_f), (W_xo, W_ho, b_o)]
        I, F, O = (torch.sigmoid(X @ W_x + H @ W_h + b) for W_x, W_h, b in gates)
        C = F * C + I * torch.tanh(X @ W_xc + H @ W_hc + b_c)
        H = O * torch.tanh(C)
        outputs.append(H @ W_hq + b_q)
    return outputs, (H, C)


def lstm_product_per_gate(inputs, state, params):
    """Inputs and outputs outside the loop, but a product for each gate: four a step."""
    (H, C), states = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    for A_t in A.split(len(H)):
        i, f, o, c = (a + H @ W for a, W in zip(A_t.chunk(4, 1), params[1:12:3], strict=True))
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


def lstm_inputs_in_the_loop(inputs, state, params):
    """Gates joined, but inputs and state multiplied each for itself at every step: two."""
    (H, C), states = state, []
    W_x, W_h = torch.cat(params[0:12:3], 1), torch.cat(params[1:12:3], 1)
    b = torch.cat(params[2:12:3])
    for X in inputs:
        i, f, o, c = (X @ W_x + H @ W_h + b).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


def lstm_output_in_the_loop(inputs, state, params):
    """One product for the state, and a second in the loop for the output."""
    (H, C), outputs = state, []
    A = torch.cat(list(inputs)) @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
    W = torch.cat(params[1:12:3], 1)
    for A_t in A.split(len(H)):
        i, f, o, c = (A_t + H @ W).chunk(4, 1)
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(c)
        H = torch.sigmoid(o) * torch.tanh(C)
        outputs.append(H @ params[12] + params[13])
    return outputs, (H, C)


def lstm_sample_by_sample(inputs, state, params):
    """A loop over the samples around the loop over the steps: n products a step."""
    X, (H, C), samples, memories = torch.stack(list(inputs)), state, [], []
    W = torch.cat(params[1:12:3], 1)
    for s in range(len(H)):
        A = X[:, s] @ torch.cat(params[0:12:3], 1) + torch.cat(params[2:12:3])
        h, m, states = H[s : s + 1], C[s : s + 1], []
        for a in A.split(1):
            i, f, o, c = (a + h @ W).chunk(4, 1)
            m = torch.sigmoid(f) * m + torch.sigmoid(i) * torch.tanh(c)
            h = torch.sigmoid(o) * torch.tanh(m)
            states.append(h)
        samples.append(torch.stack(states))
        memories.append(m)
    states = torch.cat(samples, 1)
    return states @ params[12] + params[13], (states[-1], torch.cat(memories))


def lstm_by_torchs_function(inputs, state, params):
    """torch.lstm, with the weights in its order i, f, g, o: no product of one's own in the loop."""
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    weights = [W_x.t(), W_h.t(), b, torch.zeros_like(b)]
    first = tuple(S.unsqueeze(0) for S in state)
    X = torch.stack(list(inputs))
    states, H, C = torch.lstm(X, first, weights, True, 1, 0.0, False, False, False)
    return states @ params[12] + params[13], (H[0], C[0])


def lstm_by_torchs_layer(inputs, state, params):
    """An nn.LSTM that is run with the given weights by functional_call."""
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    layer = nn.LSTM(len(params[0]), len(params[1]), device=b.device, dtype=b.dtype)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights = dict(zip(names, (W_x.t(), W_h.t(), b, torch.zeros_like(b)), strict=True))
    first = tuple(S.unsqueeze(0) for S in state)
    called = (torch.stack(list(inputs)), first)
    states, (H, C) = torch.func.functional_call(layer, weights, called)
    return F.linear(states, params[12].t(), params[13]), (H[0], C[0])


def lstm_by_torchs_cell(inputs, state, params):
    """torch.lstm_cell at every step."""
    W_x, W_h, b = (
        torch.cat([params[k], params[3 + k], params[9 + k], params[6 + k]], -1) for k in range(3)
    )
    (H, C), states = state, []
    for X in inputs:
        H, C = torch.lstm_cell(X, (H, C), W_x.t(), W_h.t(), b, torch.zeros_like(b))
        states.append(H)
    return torch.cat(states) @ params[12] + params[13], (H, C)


def _named(prefix: str) -> dict[str, Callable]:
    return {
        name.removeprefix(prefix): function
        for name, function in list(globals().items())
        if name.startswith(prefix)
    }


GRU, LSTM = _named("gru_"), _named("lstm_")


def submission_source(name: str) -> str:
    """The text of a fast.py with one of these functions under the name that is graded.

    Args:
        name: as "gru_textbook" or "lstm_by_torchs_cell".
    """
    graded = f"{name.split('_')[0]}_fast"
    text = re.sub(rf"\Adef {name}\b", f"def {graded}", inspect.getsource(globals()[name]))
    imports = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
    return f"{imports}\n\n{text}"
