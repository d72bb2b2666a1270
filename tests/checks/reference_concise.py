"""What RNNModel must give, for check_concise.py: torch's layer and a dense layer, in float64."""

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.sandbox import standins


class _Model:
    """A layer of torch's and a dense layer, from their parts."""

    def __init__(self, parts: list) -> None:
        *layer, weight, bias = parts
        self.layer = standins.build("layer", layer)
        self.weight, self.bias = (tensor.clone().requires_grad_() for tensor in (weight, bias))

    def __call__(self, inputs: Tensor, state) -> tuple:
        X = F.one_hot(inputs.T, len(self.bias)).double()
        H, state = self.layer(X, state)
        return H.reshape(-1, H.shape[-1]) @ self.weight.T + self.bias, state


def logits(parts: list, inputs: Tensor, state) -> tuple:
    """The logits (T·n, V) and the layer's state.

    Args:
        parts: the layer's kind, how many, whether both ways, its parameters; weight, bias.
    """
    with torch.no_grad():
        return _Model(parts)(inputs, state)


def step(parts: list, inputs: Tensor, state, labels: Tensor, lr: float) -> list[Tensor]:
    """All parameters after one step of SGD: the layer's, then weight and bias."""
    model = _Model(parts)
    params = [*model.layer.parameters(), model.weight, model.bias]
    loss = F.cross_entropy(model(inputs, state)[0], labels)
    gradients = torch.autograd.grad(loss, params)
    return [p.detach() - lr * g for p, g in zip(params, gradients, strict=True)]
