"""Tensors and numbers for one case, from its seed: on the grid, or off it.

On the grid entries are multiples of 1/8. Products of a few of them are exact even in float16,
bfloat16 and TF32, so low precision can't show there; off the grid it does. Both come out the same
to the last bit on every machine: what is added to a number of the grid is drawn as integers.
"""

import torch

GRID = 8  # entries are multiples of 1/GRID
BITS = {  # of what is added off the grid: beyond TF32 and float16, and beyond float32
    torch.float32: (20,),
    torch.float64: (20, 48),
}
NEAREST = 4  # what is added is less than 2**-NEAREST: half of the grid's step
CALM, RECURRENT = 0.5, 0.1  # scales at large sizes, of a square matrix the second


class Fill:
    """Draws tensors and numbers for one case from its seed.

    Args:
        bits: where what is added to the grid's numbers ends, in binary digits; none on the grid.
        calm: for large sizes. Sums of a hundred terms stay of order one, and square matrices, by
            which states are multiplied at each step, don't let rounding grow from step to step.
    """

    def __init__(self, seed: int, bits: tuple[int, ...] = (), calm: bool = False) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self._noise = torch.Generator().manual_seed(seed + 1)
        self._bits, self._calm = bits, calm

    def __call__(self, *shape: int, scale: float = 1.0) -> torch.Tensor:
        """A float64 tensor of ``shape``: N(0, scale²) rounded to the grid, without zeros."""
        return self._on_grid(shape, scale) + self._digits(shape)

    def gates(self, *shape: int, shut: bool = True) -> torch.Tensor:
        """Entries between 0 and 1, as of a gate; without zeros unless it may be ``shut``."""
        eighths = torch.sigmoid(self._on_grid(shape, 1.0)) * GRID
        drawn = (eighths.round() if shut else eighths.ceil()) / GRID
        return drawn * 0.875 + 0.0625 + self._digits(shape) if self._bits else drawn

    def _on_grid(self, shape: tuple[int, ...], scale: float) -> torch.Tensor:
        if self._calm:
            square = len(shape) == 2 and shape[0] == shape[1]
            scale = RECURRENT if square else scale * CALM
        raw = torch.randn(shape, generator=self.generator, dtype=torch.float64) * (scale * GRID)
        rounded = raw.round().clamp(-3 * GRID, 3 * GRID)
        signs = torch.where(raw < 0, -1.0, 1.0).to(torch.float64)
        return torch.where(rounded == 0, signs, rounded) / GRID

    def _digits(self, shape: tuple[int, ...]) -> torch.Tensor:
        """What is added off the grid: odd multiples of 2**-bits, less than half of its step."""
        total, above = torch.zeros(shape, dtype=torch.float64), NEAREST
        for bits in self._bits:
            half = 2 ** (bits - above - 1)
            drawn = torch.randint(-half, half, shape, generator=self._noise)
            total += (2 * drawn + 1).double() / 2**bits
            above = bits
        return total

    def integers(self, high: int, *shape: int) -> torch.Tensor:
        """An int64 tensor of ``shape`` with entries in [0, high)."""
        return torch.randint(high, shape, generator=self.generator)

    def integer(self, low: int, high: int) -> int:
        """One int in [low, high]."""
        return int(torch.randint(low, high + 1, (), generator=self.generator))

    def number(self, low: int, high: int, bits: int = 20) -> float:
        """A number between two whole ones, a multiple of 2**-bits: as exact as it is odd."""
        return self.integer(low * 2**bits, high * 2**bits) / 2**bits

    def permutation(self, size: int) -> torch.Tensor:
        """A random order of range(size)."""
        return torch.randperm(size, generator=self.generator)
