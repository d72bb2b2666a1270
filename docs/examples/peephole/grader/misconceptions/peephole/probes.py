"""Arguments with which the audit tells versions of peephole_lstm apart.

It knows X, H, C, W_x·, p_· and b_· by their names, but not what is in this exercise's ``params``.
"""

import torch

SIZES = ((3, 2, 4, 5, 3), (1, 3, 2, 1, 2), (2, 4, 1, 3, 9), (4, 1, 3, 2, 1))  # n d h q T


def whole() -> list[tuple]:
    """(inputs, state, params) of several sizes, in float64."""
    generator = torch.Generator().manual_seed(17)

    def draw(*shape: int) -> torch.Tensor:
        return 0.8 * torch.randn(shape, generator=generator, dtype=torch.float64)

    cases = []
    for n, d, h, q, T in SIZES:
        gates = [draw(*shape) for _ in range(3) for shape in ((d, h), (h, h), (h,), (h,))]
        params = [*gates, draw(d, h), draw(h, h), draw(h), draw(h, q), draw(q)]
        cases.append(([draw(n, d) for _ in range(T)], (draw(n, h), draw(n, h)), params))
    return cases
