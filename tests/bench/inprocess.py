"""The sandbox's double without a sandbox: requests are answered in the grading process itself.

It stands in for ``grader.sandbox.client.Template`` so that a whole grading run can be timed without
what isolation costs: no other process, no fork, no confinement, no socket. Encoding stays, for the
values are compared after it. Never for code that one does not trust: nothing holds it.
"""

import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from grader.sandbox import limits, wire, worker


class Template:
    """Hands out workers that are this process."""

    def serves_meta(self) -> bool:
        """Always: nothing has to get ready."""
        return True

    def spawn(
        self,
        folder: str,
        exercise: str,
        meta: bool = False,
        by_hand: bool = False,
        device: str = "cpu",
        careful: bool = False,
        without: Sequence[str] = (),
    ) -> "Worker":
        """A worker that will load ``exercise`` from ``folder`` into this process."""
        return Worker(folder, exercise, by_hand)

    def close(self) -> None:
        """Nothing to end."""


class Worker:
    """One exercise file, loaded here; the attributes are those of the real client's."""

    serves_meta = True
    careful = False
    pid = 0
    device = "cpu"
    cpu_used = idle_used = wall_used = 0.0
    output, output_dropped = b"", 0
    header_bytes = 0

    def __init__(self, folder: str, exercise: str, by_hand: bool) -> None:
        self.layers: list[str] = []
        self.is_loaded = False
        self._folder, self._exercise, self._by_hand = folder, exercise, by_hand
        self._module: Any = None

    def loaded(self, allowance: limits.Allowance = limits.LOAD) -> wire.Response:
        """Import the file; an exception is the caller's to see, for the code is trusted."""
        with _imports_kept(), self._autograd():
            self._module, _ = worker.load(self._folder, self._exercise)
            found = worker.siblings(self._exercise)
        self.is_loaded = True
        return wire.Response(0, wire.NoneNode(), siblings=found)

    def ask(
        self, request: wire.Request, payload: bytes, allowance: limits.Allowance = limits.CALL
    ) -> tuple[wire.Response, bytes]:
        """What the worker process would do with the request; frames are packed and unpacked."""
        header, payload = _through_a_frame(wire.pack(request, payload))
        request = wire.unpack_request(header)
        printed = io.StringIO()
        with self._autograd(), contextlib.redirect_stdout(printed):
            given = (request, payload, self._module, self._folder, self._exercise)
            answer, data = worker.execute(*given)
        self.output = printed.getvalue().encode()[: limits.OUTPUT_BYTES]
        header, payload = _through_a_frame(wire.pack(answer, bytes(data)))
        return wire.unpack_response(header), payload

    def drop(self) -> None:
        """Nothing to end."""

    def kill(self) -> None:
        """Nothing to end."""

    def _autograd(self) -> contextlib.AbstractContextManager:
        return torch.inference_mode() if self._by_hand else contextlib.nullcontext()


def _through_a_frame(frame: bytes) -> tuple[bytes, bytes]:
    size = wire.PREFIX.size
    header, _ = wire.frame_size(frame[:size])
    return frame[size : size + header], frame[size + header :]


@contextlib.contextmanager
def _imports_kept() -> Iterator[None]:
    """Let a file be imported as ``exercises.…`` here, and leave no trace of that."""
    path = list(sys.path)
    kept = {name: module for name, module in sys.modules.items() if _is_exercise(name)}
    for name in kept:
        del sys.modules[name]
    try:
        yield
    finally:
        sys.path[:] = path
        for name in [name for name in sys.modules if _is_exercise(name)]:
            del sys.modules[name]
        sys.modules.update(kept)


def _is_exercise(name: str) -> bool:
    return name.split(".")[0] == "exercises"
