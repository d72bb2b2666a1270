"""What a version of a function does, seen without the checks; and whether two versions do the same.

A mutant that behaves as the reference is no mistake, so no check need catch it. Whether it does is
decided here on inputs of its own (``probes``): values and gradients in float64, dtypes, devices,
arguments left alone. It sees what the interface promises, and is blind to what it leaves free.
"""

import contextlib
import functools
import io
import math
import random
import signal
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from grader.audit.probe_calls import UNKNOWN, Near
from grader.audit.probes import looks

LIMIT_S = 5.0  # of processor time for one function: a mutant may loop for ever
SEED = 5
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-4, torch.float16: 1e-2}
FLOAT = 1e-6  # relative, of Python floats: exp in float32 is fine
PACKAGE = "solutions"


class Timeout(BaseException):
    """A version did not come to an end; no ``except Exception`` of its own stops this."""


def load(exercise: str, source: str) -> types.ModuleType:
    """Execute a version of a solution as a throw-away module beside the other solutions.

    Raises:
        Exception: whatever executing it raises; ``Timeout`` is turned into a ``TimeoutError``.
    """
    module = types.ModuleType(f"{PACKAGE}.{exercise}_{random.Random().getrandbits(64):x}")
    module.__package__ = PACKAGE
    module.__file__ = f"<a version of {exercise}>"
    sys.modules[module.__name__] = module  # dataclasses look there while they are made
    try:
        with _quiet(), _limited():
            exec(compile(source, module.__file__, "exec"), vars(module))
    except Timeout:
        raise TimeoutError(f"a version of {exercise} does not end when it is loaded") from None
    finally:
        del sys.modules[module.__name__]
    return module


def behaviour(
    exercise: str, function: str, module: types.ModuleType | types.SimpleNamespace
) -> Any:
    """Everything that ``module.function`` does on the probes: nested plain data and tensors.

    Random numbers are not recorded, only what can be told of a sample. Whatever a probe raises is
    recorded as "raises TypeName".

    Raises:
        LookupError: if nobody knows how to make arguments for this function.
    """
    records: list[Any] = []
    with _same_random_numbers(), _quiet():
        for look in looks(exercise, function):
            record = _observed(functools.partial(look, module))
            records.append(record)
            if record == f"raises {Timeout.__name__}":
                break
    return records


def same(left: Any, right: Any) -> bool:
    """Whether two records agree: structure, dtypes, shapes and devices wholly, values closely."""
    if left is UNKNOWN or right is UNKNOWN:
        return True
    if isinstance(left, Near) and isinstance(right, Near):
        return left.tolerance == right.tolerance and _agree(left, right)
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return _close(left, right, TOLERANCE.get(left.dtype, 0.0))
    if isinstance(left, float) and isinstance(right, float):
        return _is_close(left, right, FLOAT)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _agree(left: Near, right: Near) -> bool:
    if isinstance(left.value, torch.Tensor) and isinstance(right.value, torch.Tensor):
        return _close(left.value, right.value, left.tolerance)
    return _is_close(float(left.value), float(right.value), left.tolerance)


def _is_close(left: float, right: float, tolerance: float) -> bool:
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance)


def _close(left: torch.Tensor, right: torch.Tensor, tolerance: float) -> bool:
    kinds = [(t.dtype, t.shape, t.device.type, t.layout) for t in (left, right)]
    if kinds[0] != kinds[1]:
        return False
    if left.is_meta or not tolerance:
        return left.is_meta or torch.equal(left, right)
    return torch.allclose(
        left.double(), right.double(), rtol=tolerance, atol=tolerance, equal_nan=True
    )


def _observed(look: Callable[[], Any]) -> Any:
    try:
        with _limited():
            return look()
    except (Exception, SystemExit, Timeout) as error:  # whatever it raises is how it behaves
        return f"raises {type(error).__name__}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is printed, and no warning is shown."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _same_random_numbers() -> Iterator[None]:
    """The same random numbers at each look, and for the caller as if nothing had happened."""
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)
    try:
        yield
    finally:
        torch.set_rng_state(before[0])
        random.setstate(before[1])
        np.random.set_state(before[2])


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Raise ``Timeout`` after ``LIMIT_S`` of processor time; in other threads than the main, never.

    Processor time, because a busy machine must not turn a mutant into a mistake; and so the timers
    of others (SIGALRM) go on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _time_is_up)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _time_is_up(signum: int, frame: Any) -> None:
    raise Timeout
