"""Classes: a cell joins its weights once, then steps."""

import torch


class Cell:
    """Joined weights of some gates; ``read`` takes all inputs, ``step`` is the subclass's."""

    def __init__(self, groups, readout):
        W_x, W_h, b = zip(*groups)
        self.W_x, self.W_h, self.b = torch.hstack(W_x), W_h, torch.hstack(b)
        self.W_hq, self.b_q = readout

    def run(self, inputs, *state):
        size = state[0].size(0)
        rows = torch.vstack([X for X in inputs])
        shown = []
        for a in torch.split(torch.addmm(self.b, rows, self.W_x), size):
            state = self.step(a, *state)
            shown.append(state[0])
        outputs = torch.addmm(self.b_q, torch.vstack(shown), self.W_hq)
        return list(outputs.split(size)), state


class GRUCell(Cell):
    def step(self, a, H):
        h = H.size(1)
        Z, R = torch.addmm(a[:, : 2 * h], H, self.gates).sigmoid().chunk(2, 1)
        new = torch.addmm(a[:, 2 * h :], R * H, self.W_h[2]).tanh()
        return (new + Z * (H - new),)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.gates = torch.hstack(self.W_h[:2])


class LSTMCell(Cell):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.gates = torch.hstack(self.W_h)

    def step(self, a, H, C):
        I, F, O, G = torch.addmm(a, H, self.gates).tensor_split(4, dim=1)
        C = F.sigmoid() * C + I.sigmoid() * G.tanh()
        return O.sigmoid() * C.tanh(), C


def _groups(params):
    return [params[k : k + 3] for k in range(0, len(params) - 2, 3)], params[-2:]


def gru_fast(inputs, state, params):
    return GRUCell(*_groups(params)).run(inputs, *state)


def lstm_fast(inputs, state, params):
    return LSTMCell(*_groups(params)).run(inputs, *state)
