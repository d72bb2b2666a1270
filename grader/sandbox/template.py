"""The template process: torch imported once, forked for every worker.

It holds nothing worth stealing: a scrubbed environment, no ``solutions``, no reference. Once it is
ready it forks a twin, which goes on to import what torch needs for meta tensors and optimisers
(over a second), while the first template serves already. Each takes one order at a time over its
control socket, a JSON line with file descriptors beside it:

    {"spawn": {...}}  + data socket, output pipe  →  {"pid": ...}
    {"end": pid}                                  →  {"status": ..., "grown": bytes}: kill, reap
    {"drop": pid}                                 →  nothing: kill, reap, nobody asks how it ended

When the control socket closes, the trusted process is gone: kill the workers and leave.
"""

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.sandbox import pages

if TYPE_CHECKING:
    from grader.sandbox import wire

REAP_S = 0.01  # how often a worker that was killed is looked for, while there is nothing to do


def main(control_descriptor: int, meta_descriptor: int) -> None:
    """Serve orders until the control socket closes, here and in the twin for meta tensors."""
    gc.disable()  # what is imported stays: looking through it again and again finds nothing
    _warm_up()
    twin = os.fork()
    if twin == 0:
        os.close(control_descriptor)
        _warm_up_more()
        serve(meta_descriptor, lasting=True)
        os._exit(0)
    os.close(meta_descriptor)
    serve(control_descriptor)
    _end(twin)
    os._exit(0)  # nothing is left to be put in order, and taking torch apart takes long


def serve(control_descriptor: int, lasting: bool = False) -> None:
    """Say that this template is ready, then fork and reap workers until the socket closes.

    Args:
        lasting: whether it will fork often: then it makes forks cheap while nobody asks for one.
    """
    control = socket.socket(fileno=control_descriptor)
    control.sendall(b'{"ready": true}\n')
    workers: set[int] = set()
    dying: set[int] = set()
    number = os.getpid()
    joining: Iterator[int] | None = pages.joined() if lasting else None
    while True:
        while joining and not select.select([control], [], [], 0)[0]:
            joining = joining if next(joining, None) is not None else None
        while dying and not select.select([control], [], [], REAP_S)[0]:
            dying = {pid for pid in dying if not _reaped(pid)}
        order, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
        if not order:
            break
        for line in order.splitlines():
            message = json.loads(line)
            if "spawn" in message:
                number += 1
                pid = _spawn(control, workers, number, descriptors, message["spawn"])
                workers.add(pid)
                answer: dict[str, int | None] = {"pid": pid}
            elif "drop" in message:
                _kill(message["drop"])
                workers.discard(message["drop"])
                dying.add(message["drop"])  # its memory is given back while we go on
                continue
            else:
                pid = message["end"]
                answer = _end(pid)
                workers.discard(pid)
            control.sendall(json.dumps(answer).encode() + b"\n")
    for pid in workers | dying:
        _end(pid)


def _warm_up() -> None:
    """Import what every worker needs, so that a fork is all that one costs."""
    import torch

    # many packages ask where temporary files go: nothing can be written, but asking is no fault
    tempfile.tempdir = os.getcwd()
    from grader.sandbox import confinement, worker  # noqa: F401  (for the forks to come)

    confinement.prepare()
    torch.set_num_threads(1)
    a = torch.ones(2, 2, dtype=torch.float64)
    (a @ a).sum().tanh()
    gc.freeze()


def _warm_up_more() -> None:
    """Use meta tensors and an optimiser once: torch then imports what it puts off until then."""
    import torch

    a = torch.ones(2, 2, device="meta")
    (a @ a + 1).sigmoid()
    leaf = torch.ones(2, requires_grad=True)
    leaf.grad = torch.ones(2)
    torch.optim.SGD([leaf], lr=0.1).step()
    gc.freeze()


def _spawn(
    control: socket.socket, workers: set[int], number: int, descriptors: list[int], order: dict
) -> int:
    pid = os.fork()
    if pid:
        for descriptor in descriptors:
            os.close(descriptor)
        return pid
    try:
        gc.enable()
        control.close()
        workers.clear()
        data, output = descriptors
        _become_worker(number, data, output, order)
    except BaseException:  # the trusted side sees the connection close, which says enough
        pass
    finally:
        os._exit(70)


def _become_worker(number: int, data: int, output: int, order: dict) -> None:
    from grader.sandbox import confinement, wire, worker

    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.chdir(order["workplace"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    data = _only_open(data)
    layers = []
    if order["confine"]:
        readable = [order["folder"], order["workplace"]]
        threads = not order["by_hand"] and "threads" not in order["without"]
        given = (order["device"], order["landlock"])
        layers = confinement.confine(readable, number, threads, *given)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    failure = _device_failure(order["device"])
    connection = worker.Connection(data)
    hello = wire.SequenceNode("list", [wire.TextNode(layer, len(layer)) for layer in layers])
    connection.send(wire.pack(wire.Response(order["nonce"], hello, error=failure), b""))
    _forget_the_grader()
    names = ("nonce", "folder", "exercise", "by_hand", "without", "careful")
    worker.serve(connection, *(order[name] for name in names))


def _device_failure(device: str) -> "wire.RaisedError | None":
    """Take the device into use, in this fork alone; what went wrong, if it can't be."""
    from grader.sandbox import devices, worker

    try:
        devices.prepare(device)
    except Exception as error:
        return worker.describe_error(error, "/nowhere")
    return None


def _forget_the_grader() -> None:
    """Nothing of the grader can be imported from here on, even where Landlock is missing."""
    package = sys.modules["grader"]
    root = os.path.dirname(os.path.dirname(os.path.abspath(package.__file__ or "")))
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != root]
    package.__path__ = []
    sys.argv[:] = ["submission"]


def _only_open(data: int) -> int:
    """Move the data socket to descriptor 3 and close everything above."""
    if data != 3:
        os.dup2(data, 3)
    os.closerange(4, max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096) % (1 << 20))
    return 3


def _kill(pid: int) -> None:
    """Kill a worker and its session."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _reaped(pid: int) -> bool:
    """Whether a worker that was killed is gone; it is reaped if it is."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _end(pid: int) -> dict[str, int | None]:
    """Kill a worker and its session, reap it.

    Returns:
        its wait status (None: it was not ours), and by how many bytes its memory was larger at the
        peak than this process's, which it began as.
    """
    _kill(pid)
    with contextlib.suppress(ChildProcessError):
        _, status, used = os.wait4(pid, 0)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        unit = 1 if sys.platform == "darwin" else 1024
        return {"status": status, "grown": max(0, used.ru_maxrss - own) * unit}
    return {"status": None, "grown": 0}
