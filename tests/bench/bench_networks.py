"""Textbook loop, fast loop and torch's own layer, over sizes, directions and devices.

A group is one network of one size in one direction on one device: what stands together there did
the same work. Run by ``make bench``; pytest-benchmark times and reports.
"""

import pytest
import torch

from tests.bench import networks

CONTENDERS = [(cell, name) for cell in networks.CELLS.values() for name in cell.contenders]


@pytest.fixture(autouse=True)
def one_thread():
    """One thread, as in grading: several would measure how they share small work."""
    torch.set_num_threads(1)


@pytest.mark.parametrize(("cell", "name"), CONTENDERS, ids=[name for _, name in CONTENDERS])
@pytest.mark.parametrize("size", networks.SIZES, ids=str)
@pytest.mark.parametrize("direction", networks.PASSES)
@pytest.mark.parametrize("device", networks.devices())
def bench_network(benchmark, cell, name, size, direction, device):
    """One contender, one size."""
    benchmark.group = f"{cell.name} {size} {direction} {device}"
    benchmark(networks.prepared(cell, name, size, direction, device))
