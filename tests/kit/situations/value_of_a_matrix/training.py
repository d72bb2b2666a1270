import torch


def grad_clipping(params, theta, device=None):
    params = list(params)
    norm = sum((p.grad ** 2).item() for p in params if p.grad is not None) ** 0.5
    if norm > theta:
        for p in params:
            p.grad.data *= theta / norm
