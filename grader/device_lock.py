"""Which device a run uses, and that no other run uses it meanwhile.

Two gradings on one accelerator would spoil each other's times and fill its memory. So each holds a
lock: one file a device in the system's folder for temporary files, which the system lets go of when
the process ends, however it ends. Every user of the machine can lock it; nobody reads or runs it.
On a CPU there is nothing to lock. Nothing heavy is imported here before it is needed.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.arguments import UsageProblem

CPU, AUTO = "cpu", "auto"
QUIET_S = 3.0  # waited without a word
PATIENCE_S = 30 * 60.0  # waited in all: longer than any grading
POLL_S = 0.2
_SENTENCES = {"unknown": "device", "missing": "device_missing", "index": "device_index"}


class DeviceBusy(Exception):
    """Another grading has kept the device for too long."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.device = device


def resolved(word: str) -> str:
    """The device that a ``--device`` word means.

    Raises:
        UsageProblem: if it is not here.
    """
    if word == CPU:
        return CPU
    from grader.sandbox import devices  # it brings torch along

    try:
        return devices.resolve(word)
    except devices.NoSuchDevice as problem:
        raise UsageProblem(_SENTENCES[problem.reason], **problem.fields) from None


def lock_file(device: str) -> str:
    """The file that stands for a device: "cuda:0" → ".../gatecheck-cuda-0.lock".

    Where CUDA_VISIBLE_DEVICES numbers devices anew, it is the file of the device that is meant.
    """
    kind, _, index = device.partition(":")
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    if kind == "cuda" and index.isdigit() and int(index) < len(visible) and visible[int(index)]:
        device = f"{kind}:{visible[int(index)].strip()}"
    name = "".join(c if c.isalnum() else "-" for c in device)
    return os.path.join(tempfile.gettempdir(), f"gatecheck-{name}.lock")


@contextmanager
def held(
    device: str,
    waiting: Callable[[], None] = lambda: None,
    quiet_s: float = QUIET_S,
    patience_s: float = PATIENCE_S,
) -> Iterator[None]:
    """Nobody else grades on ``device`` inside; outside it is free again, whatever happened.

    Args:
        waiting: told once, if another run has the device for longer than ``quiet_s``.
        patience_s: how long is waited after that.

    Raises:
        DeviceBusy: if the other run has not ended by then.
    """
    if device == CPU:
        yield
        return
    import filelock

    lock = filelock.FileLock(lock_file(device), mode=0o666)
    try:
        lock.acquire(timeout=quiet_s, poll_interval=POLL_S)
    except filelock.Timeout:
        waiting()
        try:
            lock.acquire(timeout=patience_s, poll_interval=POLL_S)
        except filelock.Timeout:
            raise DeviceBusy(device) from None
    try:
        yield
    finally:
        lock.release()
