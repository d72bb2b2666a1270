"""Written like a script: globals, one helper, a look at a histogram at the bottom."""

import torch
import torch.nn as nn

SCALE = 1e-2
p = nn.Parameter


def N(*s, **kw):
    return p(SCALE * torch.randn(*s, **kw))


def O(*s, **kw):
    return p(0 * torch.ones(*s, **kw))


def normal_param(shape, device=None):
    return N(*shape, device=device)


def zero_param(size, device=None):
    return O(size, device=device)


def gate_params(num_inputs, num_hiddens, device=None):
    i, h, kw = num_inputs, num_hiddens, dict(device=device)
    return N(i, h, **kw), N(h, h, **kw), O(h, **kw)


def output_params(num_hiddens, num_outputs, device=None):
    h, o, kw = num_hiddens, num_outputs, dict(device=device)
    return N(h, o, **kw), O(o, **kw)


example = normal_param((30, 20))
if __name__ == "__main__":
    print(torch.histc(example.detach(), bins=9, min=-0.03, max=0.03))
