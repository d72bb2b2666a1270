"""Accelerators: the one module that asks torch which there are and how to use them.

Both sides use it. The trusted process resolves ``--device`` with it; it never makes a tensor there.
A worker calls ``prepare`` after its fork and before it reads the submission: a device that was in
use before a fork is dead in the fork, so the template must never touch one. torch's functions are
bound here, at import, before any line of a submission runs.

A device is named as torch names a tensor's: "cpu", "cuda:0", "mps:0", "xpu:1".
"""

import time
from typing import Any

import torch

CPU = "cpu"
MIRROR = "mirror"  # meta, with numbers behind its tensors (mirror.py): a place to ask, no device
WITHOUT_FLOAT64 = ("mps",)  # kinds whose tensors have no float64
_synchronize = torch.accelerator.synchronize
_set_matmul_precision = torch.set_float32_matmul_precision
_seed_all = torch.manual_seed
_Event = torch.Event
_host_clock = time.perf_counter


class NoSuchDevice(Exception):
    """The device that was asked for is not here.

    ``reason`` is "unknown" (torch knows no such word), "missing" (no such accelerator here, but
    perhaps another) or "index" (it has fewer of them); ``fields`` say what there is.
    """

    def __init__(self, reason: str, **fields: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields


def kind_of(device: str) -> str:
    """ "cuda:0" → "cuda"."""
    return device.partition(":")[0]


def accelerator() -> str | None:
    """The kind of this machine's accelerator: "cuda", "mps", ...; None if there is none."""
    if not torch.accelerator.is_available():
        return None
    found = torch.accelerator.current_accelerator()
    return None if found is None else found.type


def resolve(word: str) -> str:
    """The device that a ``--device`` word means: "auto", "cpu", "cuda", "cuda:1", "mps", ...

    Raises:
        NoSuchDevice: if it is not here.
    """
    if word == CPU:
        return CPU
    here = accelerator()
    if word == "auto":
        return CPU if here is None else f"{here}:0"
    try:
        wanted = torch.device(word)
    except RuntimeError:
        raise NoSuchDevice("unknown", value=word) from None
    if wanted.type != here or here is None:
        raise NoSuchDevice("missing", value=wanted.type, choices=_choices(here))
    index, count = wanted.index or 0, torch.accelerator.device_count()
    if index >= count:
        raise NoSuchDevice("index", value=word, last=f"{here}:{count - 1}")
    return f"{here}:{index}"


def _choices(here: str | None) -> str:
    return CPU if here is None else f"{here}, {CPU}"


def describe(device: str) -> str:
    """A device with the name of its model, for the report: "cuda:0 (NVIDIA H100)"."""
    if device == CPU:
        return CPU
    try:
        module = torch.get_device_module(kind_of(device))
        return f"{device} ({module.get_device_name(torch.device(device).index)})"
    except Exception:  # not every kind of device has a name, and no report waits for one
        return device


def has_float64(device: str) -> bool:
    """Whether tensors on this device can be float64."""
    return kind_of(device) not in WITHOUT_FLOAT64


def prepare(device: str) -> None:
    """Make a worker ready for its device: exact products, and what the first use would cost.

    Raises:
        RuntimeError: if the device can't be used.
    """
    if device == CPU:
        return
    exact_products(device)
    torch.accelerator.set_device_index(torch.device(device).index or 0)
    for dtype in (torch.float32, torch.float64) if has_float64(device) else (torch.float32,):
        leaf = torch.ones(2, 2, dtype=dtype, device=device, requires_grad=True)
        (leaf @ leaf).tanh().sum().backward()
    synchronize(device)


def exact_products(device: str) -> None:
    """float32 products in float32: no TF32, no bfloat16 inside. Nothing to do on a CPU."""
    if device == CPU:
        return
    _set_matmul_precision("highest")
    if kind_of(device) == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False  # on by default, for nn.LSTM as for convolutions


def set_up_call(device: str, seed: int) -> None:
    """Before each call: seed the device's generators; undo what an earlier call switched on."""
    if device not in (CPU, MIRROR, "meta"):
        _seed_all(seed % 2**63)
        exact_products(device)


def synchronize(device: str) -> None:
    """Wait for all work on a device, whichever stream it is on."""
    if device != CPU:
        _synchronize(torch.device(device))


class Stopwatch:
    """Seconds between ``start`` and ``stop``, all work that was begun on the device included.

    On an accelerator by events around two device-wide synchronisations, so that work on another
    stream counts; by the host's clock on a CPU, and where a device has no events with times.

        watch = Stopwatch(device)
        watch.start(); work(); seconds = watch.stop()
    """

    def __init__(self, device: str = CPU) -> None:
        self.device = device
        self._events = _events(device)
        self._begin = 0.0

    def start(self) -> None:
        """Begin, once the device has nothing left to do."""
        synchronize(self.device)
        if self._events:
            self._events[0].record()
        self._begin = _host_clock()

    def stop(self) -> float:
        """Seconds since ``start``, once the device has done everything."""
        synchronize(self.device)
        if not self._events:
            return _host_clock() - self._begin
        begin, end = self._events
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / 1e3


def _events(device: str) -> tuple[Any, Any] | None:
    if device == CPU:
        return None
    try:
        pair = tuple(_Event(torch.device(device), enable_timing=True) for _ in range(2))
        for event in pair:  # some backends can make events, but not read times from them
            event.record()
        synchronize(device)
        pair[0].elapsed_time(pair[1])
    except (RuntimeError, NotImplementedError, TypeError):
        return None
    return pair[0], pair[1]


def is_out_of_memory(type_name: str, text: str) -> bool:
    """Whether an exception, by its type's name and message, says that the device is full."""
    if type_name == "OutOfMemoryError":
        return True
    return type_name == "RuntimeError" and (
        "backend out of memory" in text or "_STATUS_ALLOC_FAILED" in text
    )


def lacks_operation(type_name: str, text: str) -> bool:
    """Whether an exception says that torch has no such operation on the device."""
    signs = ("Could not run 'aten::", "not currently implemented for the", "not implemented for '")
    return type_name == "NotImplementedError" and any(sign in text for sign in signs)


def is_poisoned(type_name: str, text: str) -> bool:
    """Whether the device answers nothing more in the process where this exception was raised."""
    return type_name == "AcceleratorError" or "CUDA error:" in text
