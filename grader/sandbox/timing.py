"""Timed calls in a worker: fresh inputs for each, the clock around them, and what proves the work.

A sample is two requests, so that the making of inputs is outside of every clock: ``prepare`` makes
inputs from a seed, ``run`` calls the function with them. Within the timed region each result is
hashed, with a key that ``run`` brings, so nothing can be put off until somebody looks; ``fetch``
then returns the results of one call, chosen when all hashes are known. The trusted side makes the
same inputs from the same seed.

All that a submission could replace was bound before it was read. Its clock is believed only as far
as the other side's own clocks bear it out.
"""

import gc
import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.sandbox import devices, wire

POISON = 1 << 16  # entries of NaN that are let go before a sample: memory holds nothing of use
_blake2b = hashlib.blake2b
_no_grad = torch.no_grad
_detach, _contiguous = torch.Tensor.detach, torch.Tensor.contiguous
_to, _numpy, _full = torch.Tensor.to, torch.Tensor.numpy, torch.full
_set_threads = torch.set_num_threads
_Generator, _Bits, _from_numpy = np.random.Generator, np.random.SFC64, torch.from_numpy
_collect, _float32 = gc.collect, np.float32
_Stopwatch = devices.Stopwatch

Arguments = tuple[list[torch.Tensor], tuple[torch.Tensor, ...], list[torch.Tensor]]


def arguments(order: wire.Timing, number: int) -> Arguments:
    """``(inputs, state, params)`` of one call: float32, of order 1 where they are summed.

    Shapes: inputs T × (n, d), ``states`` matrices (n, h), ``gates`` × ((d, h), (h, h), (h,)), then
    (h, q) and (q,).
    """
    n, d, h, q, T = order.sizes
    # Uniform numbers from a small generator: a quarter of the time of torch's normal ones.
    generator = _Generator(_Bits([order.seed, number]))

    def draw(*shape: int, scale: float = 1.0) -> torch.Tensor:
        drawn = generator.random(shape, dtype=_float32)
        drawn -= 0.5
        drawn *= 12**0.5 * scale  # of variance scale²
        return _from_numpy(drawn)

    inputs = [draw(n, d) for _ in range(T)]
    state = tuple(draw(n, h) for _ in range(order.states))
    params = []
    for _ in range(order.gates):
        params += [draw(d, h, scale=d**-0.5), draw(h, h, scale=h**-0.5), draw(h)]
    return inputs, state, [*params, draw(h, q, scale=h**-0.5), draw(q)]


class Samples:
    """The sample that is being taken in this worker."""

    def __init__(self) -> None:
        self._calls: list[Arguments] = []
        self._results: list[Any] = []

    def carry_out(self, function: Callable, order: wire.Timing, device: str) -> Any:
        """One step of a sample; see the module.

        Raises:
            TypeError: if the function returns something other than tensors in lists and tuples.
        """
        if order.action == "prepare":
            self._prepare(order, device)
            return None
        if order.action == "run":
            return self._run(function, order.seed, device)
        return self._results[order.number]

    def _prepare(self, order: wire.Timing, device: str) -> None:
        self._results.clear()
        self._calls = [_on(arguments(order, number), device) for number in range(order.repetitions)]
        _full((POISON,), float("nan"))
        _set_threads(1)
        _collect()

    def _run(self, function: Callable, key: int, device: str) -> dict[str, Any]:
        digests = []
        watch = _Stopwatch(device)
        with _no_grad():
            watch.start()
            for call in self._calls:
                tensors = tensors_of(function(*call))
                digests.append(digest(tensors, key))
                self._results.append(tensors)
            seconds = watch.stop()
        self._calls.clear()
        return {"seconds": seconds, "digests": digests}


def tensors_of(result: Any) -> list[torch.Tensor]:
    """The plain tensors of a result, on the CPU, in order.

    Raises:
        TypeError: if there is anything else in it.
    """
    if type(result) is torch.Tensor:
        return [_contiguous(_to(_detach(result), "cpu"))]
    if isinstance(result, (list, tuple)):  # looked through here, where the clock runs
        return [tensor for item in result for tensor in tensors_of(item)]
    raise TypeError(f"a timed call returned {type(result).__name__} where a tensor is expected")


def digest(tensors: list[torch.Tensor], key: int) -> str:
    """A hash of the tensors' dtypes, shapes and bytes, which nobody can make before the key."""
    found = _blake2b(digest_size=16, key=b"%d" % key)
    for tensor in tensors:
        found.update(f"{tensor.dtype}{tuple(tensor.shape)}".encode())
        found.update(_numpy(tensor).tobytes())
    return found.hexdigest()


def _on(call: Arguments, device: str) -> Arguments:
    if device == devices.CPU:
        return call
    inputs, state, params = call
    moved = [[_to(tensor, device) for tensor in group] for group in (inputs, state, params)]
    return moved[0], tuple(moved[1]), moved[2]
