"""The sandbox, layer by layer: each is tried by a worker that does what an attacker would.

A refusal is what we want. Where an attempt succeeds, two things can be true: the layer that forbids
it is missing on this system (weak: grading goes on, and the report's ``sandbox`` says so), or it
claims to hold and does not (broken).
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.doctor.finding import BROKEN, OK, WEAK, Finding
from grader.doctor.probe import SOURCE
from grader.sandbox import client, limits, values, wire

LAYERS = ("landlock", "seccomp", "rlimits", "user")
# What is tried, and the layers any of which forbids it.
ATTEMPTS = {
    "network": ("seccomp",),
    "read": ("landlock",),
    "environment": ("landlock", "user"),
    "write": ("landlock", "user"),
    "fork": ("seccomp",),
    "exec": ("seccomp", "landlock"),
    "signal": ("seccomp", "landlock"),
    "trace": ("seccomp",),
    "namespaces": ("seccomp",),
    "memory": ("rlimits",),
    "files": ("rlimits",),
    "threads": ("rlimits",),
}
MEMORY = 3 * limits.ADDRESS_SPACE_BYTES
BRIEF_CPU = limits.Allowance(0.5, 10.0)
BRIEF_WALL = limits.Allowance(5.0, 0.7)
SECRET = "GATECHECK_DOCTOR_SECRET"


class Probe:
    """A template of its own, whose workers hold the probe's functions."""

    def __init__(self, confine: bool = True) -> None:
        self.holder = tempfile.TemporaryDirectory(prefix="gatecheck-source-")
        os.chmod(self.holder.name, 0o755)
        (Path(self.holder.name) / "probe.py").write_text(SOURCE, encoding="utf-8")
        self.template = client.Template(confine)

    def worker(self, device: str = "cpu") -> client.Worker:
        """A worker that has loaded the probe.

        Raises:
            SandboxError, WorkerLost: if it can't be had.
        """
        worker = self.template.spawn(self.holder.name, "probe", device=device)
        response = worker.loaded()
        if response.error is not None:
            raise client.SandboxError(f"{response.error.type}: {response.error.message}")
        return worker

    def close(self) -> None:
        """End the template and its workers."""
        self.template.close()
        self.holder.cleanup()


@contextlib.contextmanager
def probing(confine: bool = True) -> Iterator[Probe]:
    """A probe while the block runs."""
    probe = Probe(confine)
    try:
        yield probe
    finally:
        probe.close()


def ask(
    worker: client.Worker,
    function: str,
    what: str,
    detail: str,
    allowance: limits.Allowance = limits.CALL,
) -> object:
    """The answer of one of the probe's functions.

    Raises:
        WorkerLost: if the worker dies of it, or takes too long.
    """
    encoder = values.Encoder()
    nodes = [encoder.encode(what), encoder.encode(detail)]
    request = wire.Request(7, function, nodes, 1, wire.NoneNode())
    response, payload = worker.ask(request, encoder.payload, allowance)
    if response.error is not None:
        return f"refused {response.error.type}"
    return values.Decoder(payload).decode(response.value)


def look(confine: bool = True) -> Iterator[Finding]:
    """Everything about the sandbox."""
    if sys.platform == "win32":
        yield Finding("worker", BROKEN, "windows", {}, "do_wsl")
        return
    try:
        with _secret(), probing(confine) as probe:
            worker = probe.worker()
            layers = set(worker.layers)
            yield Finding("worker", OK, "worker_starts", {"layers": ", ".join(worker.layers)})
            yield from _layers(layers)
            with tempfile.NamedTemporaryFile(prefix="gatecheck-doctor-") as canary:
                os.chmod(canary.name, 0o644)
                for what in ATTEMPTS:
                    yield _attempt(probe, what, _detail(what, canary.name), layers)
            yield _scrubbed(worker)
            yield from _clocks(probe)
    except (client.SandboxError, client.WorkerLost) as error:
        yield Finding("worker", BROKEN, "worker_fails", {"error": str(error)}, "do_worker")


@contextlib.contextmanager
def _secret() -> Iterator[None]:
    os.environ[SECRET] = "not for submissions"
    try:
        yield
    finally:
        os.environ.pop(SECRET, None)


def _layers(held: set[str]) -> Iterator[Finding]:
    for layer in LAYERS:
        if layer in held:
            yield Finding(layer, OK, f"{layer}_holds")
        elif layer == "user":  # only for root, who is exempt from limits that bind others
            is_root = hasattr(os, "geteuid") and os.geteuid() == 0
            if is_root:
                yield Finding(layer, WEAK, "user_missing", {}, "do_user")
            else:
                yield Finding(layer, OK, "user_unneeded")
        else:
            advice = f"do_{layer}" if sys.platform == "linux" else "do_linux"
            yield Finding(layer, WEAK, f"{layer}_missing", {}, advice)


def _detail(what: str, canary: str) -> str:
    details = {"read": canary, "write": tempfile.gettempdir(), "memory": str(MEMORY)}
    return details.get(what, str(os.getpid()))


def _attempt(probe: Probe, what: str, detail: str, layers: set[str]) -> Finding:
    """One attempt in a worker of its own: some of them leave it unusable."""
    worker = probe.worker()
    try:
        answer = str(ask(worker, "attempt", what, detail))
    except client.WorkerLost as lost:
        answer = f"refused {lost.reason}"
    finally:
        worker.kill()
    if answer.startswith("refused"):
        return Finding(what, OK, "refused", {"how": answer.partition(" ")[2]})
    holders = [layer for layer in ATTEMPTS[what] if layer in layers]
    missing = " / ".join(ATTEMPTS[what])
    if holders:
        return Finding(what, BROKEN, "succeeded", {"layer": ", ".join(holders)}, "do_report")
    return Finding(what, WEAK, "unprotected", {"layer": missing}, f"do_without_{what}")


def _scrubbed(worker: client.Worker) -> Finding:
    if ask(worker, "secrets", "", "") == "":
        return Finding("scrubbed", OK, "scrubbed_ok")
    return Finding("scrubbed", BROKEN, "scrubbed_not", {}, "do_report")


def _clocks(probe: Probe) -> Iterator[Finding]:
    """Limits of time: a worker that computes for ever, and one that sleeps."""
    for name, allowance in (("loop", BRIEF_CPU), ("sleep", BRIEF_WALL)):
        worker = probe.worker()
        try:
            ask(worker, name, "", "", allowance)
        except client.WorkerLost as lost:
            if lost.reason == "timeout":
                yield Finding(name, OK, "stopped", {"seconds": f"{worker.wall_used:.1f}"})
                continue
        finally:
            worker.kill()
        yield Finding(name, BROKEN, "not_stopped", {}, "do_report")
