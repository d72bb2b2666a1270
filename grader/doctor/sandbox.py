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

from grader.doctor.observation import BROKEN, OK, WEAK, Observation
from grader.doctor.probe import SOURCE
from grader.sandbox import client, limits, sharing, values, wire

LAYERS = ("landlock", "seccomp", "rlimits", "user")
# What is tried, and the layers any of which forbids it.
ATTEMPTS = {
    "network": ("seccomp",),
    "read": ("landlock",),
    "solutions": ("landlock",),
    "environment": ("landlock", "user"),
    "write": ("landlock",),
    "fork": ("seccomp",),
    "exec": ("seccomp",),
    "rights": ("user",),
    "signal": ("seccomp", "landlock", "user"),
    "trace": ("seccomp",),
    "modes": ("seccomp",),
    "times": ("seccomp",),
    "attributes": ("seccomp",),
    "names": ("seccomp", "landlock"),
    "locks": ("seccomp",),
    "placement": ("seccomp",),
    "namespaces": ("seccomp",),
    "memory": ("rlimits",),
    "files": ("rlimits",),
    "threads": ("rlimits",),
}
DETAILS = {
    "memory": 3 * limits.ADDRESS_SPACE_BYTES,
    "files": 2 * limits.OPEN_FILES,
    "threads": 4 * limits.TASKS,
}
BRIEF_CPU = limits.Allowance(0.5, 5.0)
BRIEF_IDLE = limits.Allowance(5.0, 0.7)
READ_SEARCH = 1 << 2  # the one right that a worker of root's keeps, under Landlock
SECRET = "GATECHECK_DOCTOR_SECRET"


class Probe:
    """A template of its own, whose workers hold the probe's functions."""

    def __init__(self, confine: bool = True) -> None:
        self.holder = tempfile.TemporaryDirectory(prefix="gatecheck-source-")
        source = Path(self.holder.name) / "probe.py"
        source.write_text(SOURCE, encoding="utf-8")
        group = sharing.new_group()
        for path in (self.holder.name, source):
            sharing.share(path, group)
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
    """The answer of one of the probe's functions; "lost ..." if it raises.

    Raises:
        WorkerLost: if the worker dies of it, or takes too long.
    """
    encoder = values.Encoder()
    nodes = [encoder.encode(what), encoder.encode(detail)]
    request = wire.Request(7, function, nodes, 1, wire.NoneNode())
    response, payload = worker.ask(request, encoder.payload, allowance)
    if response.error is not None:
        return f"lost {response.error.type}"
    return values.Decoder(payload).decode(response.value)


def look(confine: bool = True) -> Iterator[Observation]:
    """Everything about the sandbox.

    Args:
        confine: False tries the attempts where nothing forbids them.
    """
    if sys.platform == "win32":
        yield Observation("worker", BROKEN, "windows", {}, "do_wsl")
        return
    try:
        with _secret(), probing(confine) as probe:
            worker = probe.worker()
            layers = set(worker.layers)
            yield Observation("worker", OK, "worker_starts")
            yield from _layers(layers)
            yield from _attempts(probe, layers)
            yield _scrubbed(worker)
            yield from _clocks(probe)
    except (client.SandboxError, client.WorkerLost, OSError) as error:
        yield Observation("worker", BROKEN, "worker_fails", {"error": str(error)}, "do_worker")


def _attempts(probe: Probe, layers: set[str]) -> Iterator[Observation]:
    """Each attempt in a worker of its own: some of them leave it unusable."""
    with tempfile.NamedTemporaryFile(prefix="gatecheck-doctor-") as canary:
        os.chmod(canary.name, 0o644)
        for what in ATTEMPTS:
            detail = _detail(what, canary.name, layers)
            yield judged(what, tried(probe, what, detail), layers)


@contextlib.contextmanager
def _secret() -> Iterator[None]:
    os.environ[SECRET] = "not for submissions"
    try:
        yield
    finally:
        os.environ.pop(SECRET, None)


def _layers(held: set[str]) -> Iterator[Observation]:
    for layer in LAYERS:
        if layer in held:
            fields = {"abi": _abi(held)} if layer == "landlock" else {}
            yield Observation(layer, OK, f"{layer}_holds", fields)
        elif layer != "user":
            advice = f"do_{layer}" if sys.platform == "linux" else "do_linux"
            yield Observation(layer, WEAK, f"{layer}_missing", {}, advice)
        elif _is_root():  # who is exempt from limits that bind others
            yield Observation(layer, WEAK, "user_missing", {}, "do_user")
        else:
            yield Observation(layer, OK, "user_unneeded")


def _abi(held: set[str]) -> str:
    return next((name[3:] for name in held if name.startswith("abi")), "?")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _detail(what: str, canary: str, layers: set[str]) -> str:
    paths = {
        "rights": str(READ_SEARCH if "landlock" in layers else 0),
        **dict.fromkeys(("read", "modes", "times", "attributes", "names"), canary),
        "write": tempfile.gettempdir(),
        "environment": f"/proc/{os.getpid()}/environ",
        "solutions": str(next(iter(sorted((client.ROOT / "solutions").glob("*.py"))), canary)),
    }
    return paths.get(what) or str(DETAILS.get(what, os.getpid()))


def tried(probe: Probe, what: str, detail: str) -> str:
    """What came of an attempt: "done", "refused <how>" or "lost <how>"."""
    worker = probe.worker()
    try:
        return str(ask(worker, "attempt", what, detail))
    except client.WorkerLost as lost:
        if what == "exec" and lost.detail.get("exit_code") == 0:
            return "done"  # the program took the worker's place
        how = " ".join(str(value) for value in (lost.reason, *lost.detail.values()))
        return f"refused {how}" if lost.detail.get("signal") == "SIGSYS" else f"lost {how}"
    finally:
        worker.kill()


def judged(what: str, answer: str, layers: set[str]) -> Observation:
    """An attempt's outcome, seen with the layers that are said to hold."""
    outcome, _, how = answer.partition(" ")
    if outcome == "refused":
        return Observation(what, OK, "refused", {"how": how})
    if outcome == "lost":
        return Observation(what, WEAK, "unclear", {"how": how}, "do_report")
    needed = ATTEMPTS[what]
    if what == "threads" and _is_root():
        needed = ("user",)  # root is exempt from the limit
    holders = [layer for layer in needed if layer in layers]
    if holders and what == "solutions":
        return Observation(what, BROKEN, "solutions_readable", {}, "do_move_kit")
    if holders:
        return Observation(what, BROKEN, "succeeded", {"layer": ", ".join(holders)}, "do_report")
    return Observation(what, WEAK, "unprotected", {"layer": " / ".join(needed)}, "do_layer")


def _scrubbed(worker: client.Worker) -> Observation:
    if ask(worker, "secrets", "", "") == "":
        return Observation("scrubbed", OK, "scrubbed_ok")
    return Observation("scrubbed", BROKEN, "scrubbed_not", {}, "do_report")


def _clocks(probe: Probe) -> Iterator[Observation]:
    """Limits of time: a worker that computes for ever, and one that sleeps."""
    for name, allowance in (("loop", BRIEF_CPU), ("sleep", BRIEF_IDLE)):
        worker = probe.worker()
        try:
            ask(worker, name, "", "", allowance)
        except client.WorkerLost as lost:
            if lost.reason == "limit":
                yield Observation(name, OK, "stopped", {"seconds": f"{worker.wall_used:.1f}"})
                continue
        finally:
            worker.kill()
        yield Observation(name, BROKEN, "not_stopped", {}, "do_report")
