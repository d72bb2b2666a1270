"""A tiny recurrent net on which training functions can be told apart; no exercise has this one."""

import torch
from torch import Tensor

VOCAB = "abcdef"


def toy_net(inputs: list[Tensor], state: tuple, params: list[Tensor]) -> tuple[list, tuple]:
    """Two states (n, h), a wave and a slow memory of it; inputs T x (n, d), outputs T x (n, d)."""
    W, U, V, b = params
    wave, memory = state
    outputs = []
    for X in inputs:
        wave = 0.6 * wave + torch.cos(X.to(W.dtype) @ W + memory @ U)
        memory = 0.8 * memory + 0.2 * wave
        outputs.append((wave - memory) @ V + b)
    return outputs, (wave, memory)


def init_toy_state(batch_size: int, num_hiddens: int, device: torch.device | None = None) -> tuple:
    """Two zeros (n, h)."""
    shape = (batch_size, num_hiddens)
    return tuple(torch.zeros(shape, dtype=torch.float64, device=device) for _ in range(2))


def make_toy_params(seed: int, vocab_size: int, num_hiddens: int) -> list[Tensor]:
    """Four leaves in float64, of order 1, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [(vocab_size, num_hiddens), (num_hiddens, num_hiddens)]
    shapes += [(num_hiddens, vocab_size), (vocab_size,)]
    draws = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    return [(1.5 * draw).requires_grad_() for draw in draws]
