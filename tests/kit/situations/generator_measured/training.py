import torch


def grad_clipping(params, theta, device=None):
    norm = 0.0
    for i in range(len(params)):
        if params[i].grad is not None:
            norm += (params[i].grad ** 2).sum()
    norm = norm**0.5
    for i in range(len(params)):
        if params[i].grad is not None and norm > theta:
            params[i].grad.mul_(theta / norm)
