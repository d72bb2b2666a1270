"""Mistakes in how the three get_params draw their numbers; see initialisation.py."""

import torch
from torch import nn

from grader.misconceptions.shared.initialisation import GATES, initial
from solutions.parameters import gate_params, output_params


@initial(
    en="The biases start at one; here every bias starts at zero.",
    zh="偏置从 1 开始，应当从 0 开始。",
    hint_en="Which of the parameters start at zero?",
    hint_zh="哪些参数要从零开始？",
)
def biases_one(num_inputs, num_hiddens, num_outputs, device=None):
    params = [p for _ in range(GATES) for p in gate_params(num_inputs, num_hiddens, device)]
    params += output_params(num_hiddens, num_outputs, device)
    for bias in [p for p in params if p.dim() == 1]:
        nn.init.ones_(bias)
    return nn.ParameterList(params)


@initial(
    en="The weights come from rand, which is uniform between 0 and 1, not from randn.",
    zh="权重用的是 rand（0 与 1 之间的均匀分布），应当用 randn。",
    hint_en="Are any of your weights negative? What is the n in randn for?",
    hint_zh="你的权重里有负数吗？randn 里的 n 是什么意思？",
    also={
        "_unscaled": {"torch.rand(shape, device=device) * 0.01": "torch.rand(shape, device=device)"}
    },
)
def rand_for_randn(num_inputs, num_hiddens, num_outputs, device=None):
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), num_hiddens] * GATES
    params = []
    for shape in [*shapes, (num_hiddens, num_outputs), num_outputs]:
        if isinstance(shape, int):
            params.append(nn.Parameter(torch.zeros(shape, device=device)))
        else:
            params.append(nn.Parameter(torch.rand(shape, device=device) * 0.01))
    return nn.ParameterList(params)
