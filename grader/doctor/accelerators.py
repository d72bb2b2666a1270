"""torch, and each device that it finds: tried in a confined worker, as a grading would use it.

The trusted process makes no tensor on a device, see ``grader/sandbox/devices.py``.
"""

import importlib
from collections.abc import Iterator
from typing import Any

from grader.device_lock import DeviceBusy, held
from grader.doctor import sandbox
from grader.doctor.machine import gigabytes
from grader.doctor.observation import BROKEN, OK, WEAK, Observation
from grader.sandbox import client

ON_CPU, ON_DEVICE = 2e-5, 5e-5  # the tolerances of float32 in a grading
LITTLE = 4_000_000_000  # bytes free on a device: three workers with their drivers
DEVICES_MOST = 8  # that are tried


def look() -> Iterator[Observation]:
    """torch on the CPU, then each accelerator."""
    with sandbox.probing() as probe:  # it imports torch at the same time as we do
        try:
            torch = importlib.import_module("torch")
        except Exception as error:  # missing, or a library of it does not load
            fields = {"error": f"{type(error).__name__}: {error}"}
            yield Observation("torch", BROKEN, "torch_fails", fields, "do_install")
            return
        kind, threads = torch.backends.cpu.get_cpu_capability(), torch.get_num_threads()
        fields = {"version": torch.__version__, "threads": threads, "kind": kind}
        yield Observation("torch", OK, "torch_ok", fields)
        yield _tried(probe, "cpu", "cpu")
        yield from _each(probe, torch)


def _each(probe: sandbox.Probe, torch: Any) -> Iterator[Observation]:
    from grader.sandbox import devices

    here = devices.accelerator()
    if here is None:
        yield Observation("accelerators", OK, "no_accelerator")
        return
    for index in range(min(torch.accelerator.device_count(), DEVICES_MOST)):
        device = f"{here}:{index}"
        yield _tried(probe, device, devices.describe(device))
        yield _lock(device)


def _tried(probe: sandbox.Probe, device: str, label: str) -> Observation:
    """A product there beside the CPU's in float64, and the memory that is free."""
    try:
        worker = probe.worker(device)
        try:
            answer = str(sandbox.ask(worker, "product", device, ""))
        finally:
            worker.kill()
    except (client.SandboxError, client.WorkerLost) as problem:
        answer = f"lost {problem}"
    return judged(device, label, answer)


def judged(device: str, label: str, answer: str) -> Observation:
    """What a worker's answer, "error free" or "lost why", says of a device."""
    name = "product" if device == "cpu" else "device"
    first, _, rest = answer.partition(" ")
    fields = {"device": label}
    try:
        error, free = float(first), int(rest)
    except ValueError:
        return Observation(name, BROKEN, "device_fails", {**fields, "error": rest}, "do_device")
    fields["error"] = f"{error:.1e}"
    if not error <= (ON_CPU if device == "cpu" else ON_DEVICE):
        return Observation(name, BROKEN, "device_wrong", fields, "do_device_wrong")
    if free < 0:
        return Observation(name, OK, "device_right", fields)
    fields["free"] = gigabytes(free)
    if free < LITTLE:
        return Observation(name, WEAK, "device_little", fields, "do_device_memory")
    return Observation(name, OK, "device_ok", fields)


def _lock(device: str) -> Observation:
    fields = {"device": device}
    try:
        with held(device, quiet_s=0.0, patience_s=0.0):
            return Observation("lock", OK, "lock_ok", fields)
    except DeviceBusy:
        return Observation("lock", WEAK, "lock_busy", fields, "do_lock_busy")
    except OSError as error:
        return Observation("lock", BROKEN, "lock_fails", {**fields, "error": str(error)}, "do_lock")
