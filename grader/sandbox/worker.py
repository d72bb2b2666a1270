"""The untrusted side: load one exercise file of a submission and answer requests about it.

Runs in a fork of the template that has confined itself already. Everything that it needs is
imported and bound here before the submission is read, so that a submission which patches torch or
builtins spoils its own answers at most; what comes back is judged as values in any case.
"""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import linecache
import os
import random
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from grader.sandbox import (
    autograd,
    calls,
    courtesies,
    devices,
    handles,
    kernels,
    limits,
    loading,
    mirror,
    recording,
    standins,
    timing,
    values,
    wire,
)

_autograd_grad = torch.autograd.grad
_set_grad_enabled = torch._C._set_grad_enabled
_seed_torch = torch.default_generator.manual_seed
_clone, _equal = torch.Tensor.clone, torch.equal
_write, _read = os.write, os.read

_NOTHING: contextlib.AbstractContextManager = contextlib.nullcontext()
_storages: dict[int, int] = {}
_package: dict[str, Any] = {}  # what the submission's package holds
_handles = handles.Handles()
_samples = timing.Samples()
_recent: list[Any] = []  # keeps the memory of results in use, so that a number means one tensor


class Connection:
    """Whole frames over one file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def receive(self) -> tuple[bytes, bytes]:
        """One frame's header and payload.

        Raises:
            EOFError: when the trusted side has closed the connection.
        """
        header, payload = wire.frame_size(self._exactly(wire.PREFIX.size))
        return self._exactly(header), self._exactly(payload)

    def send(self, frame: bytes) -> None:
        """Write all of a frame."""
        view = memoryview(frame)
        while view:
            view = view[_write(self.descriptor, view) :]

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = _read(self.descriptor, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def load(
    folder: str, exercise: str, careful: bool = False
) -> tuple[types.ModuleType, list[wire.LeftOut]]:
    """Import ``exercise`` from ``folder`` as a module of the package ``exercises``.

    The folder comes last on the path: a file called torch.py or json.py shadows nothing.

    Args:
        careful: statement by statement (``loading.py``).

    Returns:
        the module, and what it was loaded without.
    """
    package = types.ModuleType("exercises")
    package.__path__ = [folder]
    sys.modules["exercises"] = package
    global _package
    _package = vars(package)
    sys.path[:] = [entry for entry in sys.path if entry] + [folder]
    if not careful:
        return importlib.import_module(f"exercises.{exercise}"), []
    with loading.carefully(folder) as left_out:
        return importlib.import_module(f"exercises.{exercise}"), left_out


def serve(
    connection: Connection,
    nonce: int,
    folder: str,
    exercise: str,
    by_hand: bool = False,
    without: Sequence[str] = (),
    careful: bool = False,
) -> None:
    """Load the exercise, say how that went, then answer requests until the connection closes.

    Args:
        by_hand: do all of it without autograd.
        without: what else is not to be had: torch's own recurrent "layers".
        careful: load it statement by statement.
    """
    courtesies.install()
    _seed(nonce)
    if by_hand:
        autograd.switch_off()
    if "layers" in without:
        kernels.forbid_ready_made()
    module, answer = None, wire.Response(nonce, wire.NoneNode())
    try:
        module, answer.left_out = load(folder, exercise, careful)
    except BaseException as error:
        answer.error = describe_error(error, folder)
    answer.siblings = siblings(exercise)
    _reply(connection, answer, b"")
    while True:
        header, payload = connection.receive()
        request = wire.unpack_request(header)
        if request.traced:
            asked = f"{exercise}.{request.function}"
            watch = calls.Watch(folder, asked, _teller(connection, request.nonce))
            _reply(connection, *watch.over(execute, request, payload, module, folder, exercise))
        else:
            _reply(connection, *execute(request, payload, module, folder, exercise))


def _teller(connection: Connection, nonce: int) -> Callable[[str], None]:
    """Tells the trusted side at once which function was called: the call may never end."""

    def tell(name: str) -> None:
        note = wire.Response(nonce, wire.NoneNode(), called=[name], more=True)
        connection.send(wire.pack(note, b""))

    return tell


def _reply(connection: Connection, answer: wire.Response, payload: bytes) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # a submission may have closed or replaced it
            pass
    try:
        frame = wire.pack(answer, payload)
    except wire.ProtocolError:
        frame = wire.pack(wire.Response(answer.nonce, wire.OpaqueNode("result", "too_large")), b"")
    connection.send(frame)


def siblings(exercise: str) -> list[str]:
    """The submission's other exercise files that have been imported so far."""
    # the package has them as attributes; the list of all modules would be long to look through,
    # and in a fresh fork every name that is looked at costs a copied page
    names = [str(name) for name in list(_package) if f"exercises.{name}" in sys.modules]
    return sorted(set(names) - {exercise})[:50]


def execute(
    request: wire.Request, payload: bytes, module: Any, folder: str, exercise: str
) -> tuple[wire.Response, bytes]:
    """Call the function that a request names; values, gradients and changes as a response.

    Whatever the submission raises becomes the response's ``error``.
    """
    answer = wire.Response(request.nonce, wire.NoneNode())
    encoder = values.Encoder(request.result_bytes, request.take, _storages, _handles.add)
    try:
        _seed(request.seed)
        devices.set_up_call(request.device, request.seed)
        function = handles.OPERATIONS.get(request.function)
        function = function or getattr(module, request.function, None)
        if function is None:
            answer.error = wire.RaisedError("NotImplementedError", "missing", [], True)
            return answer, b""
        if request.timed is not None:
            step = _samples.carry_out(function, request.timed, request.device)
            answer.value = encoder.encode(step)
            answer.siblings = siblings(exercise)
            return answer, encoder.payload
        _call(request, payload, function, encoder, answer)
    except BaseException as error:
        encoder = values.Encoder(0)
        answer = wire.Response(request.nonce, wire.NoneNode())
        answer.error = describe_error(error, folder)
        if request.traced:
            with contextlib.suppress(Exception):  # an exception that can't even be looked at
                answer.called = calls.asked_in_vain(error, exercise)
    finally:
        _set_grad_enabled(True)
    answer.siblings = siblings(exercise)
    return answer, encoder.payload


def _call(
    request: wire.Request,
    payload: bytes,
    function: Callable,
    encoder: values.Encoder,
    answer: wire.Response,
) -> None:
    reflected = mirror.Mirror() if request.device == devices.MIRROR else None
    arguments = Arguments(request, payload, reflected)
    before = arguments.remember()
    grads = [tensor.grad for tensor in arguments.tensors]
    recorder = recording.Recorder(arguments.tensors) if request.record else None
    with mirror.entered(reflected, "exercises") if reflected else recorder or _NOTHING:
        result = function(*arguments.values)
        if reflected:  # an iterator's items are made while they are encoded
            answer.value = encoder.encode(result)
    _recent[:] = [*_recent[-2:], result]
    if not reflected:
        answer.value = encoder.encode(result)
    if recorder is not None:
        answer.program = recording.pack(recorder.finish(encoder.tensors))
        answer.constants = [values_only(encoder, tensor) for tensor in recorder.constants]
    _set_grad_enabled(True)
    if arguments.cotangent is not None:
        gradients = _gradients(encoder.tensors, arguments.leaves, arguments.cotangent)
        answer.gradients = [
            wire.OpaqueNode("NoneType", "unconnected")
            if gradient is None
            else values_only(encoder, gradient)
            for gradient in gradients
        ]
    if request.report_arguments:
        answer.arguments = [encoder.encode(value) for value in arguments.comparable]
    answer.mutated = arguments.mutated(*before)
    given = zip(arguments.tensors, arguments.owners, grads, strict=True)
    answer.rebound = sorted(
        {owner for t, owner, grad in given if grad is not None and t.grad is not grad}
    )


def values_only(encoder: values.Encoder, tensor: torch.Tensor) -> wire.Node:
    """A tensor's values as a node, without counting it among the results."""
    known = list(encoder.tensors)
    node = encoder.encode(tensor)
    encoder.tensors = known
    return node


class Arguments:
    """A request's arguments as live values, and the tensors among them.

    ``comparable`` replaces an iterator, which can be read only once, by the list of its items.
    """

    def __init__(
        self, request: wire.Request, payload: bytes, reflected: mirror.Mirror | None = None
    ) -> None:
        self._reflected = reflected
        self.tensors: list[torch.Tensor] = []
        self.leaves: list[torch.Tensor] = []
        self.owners: list[int] = []
        self._owner = 0
        place = "meta" if reflected else request.device
        decoder = values.Decoder(payload, self._tensor, standins.build, _handles.get, place)
        self.comparable: list[Any] = []
        self.values: list[Any] = []
        for self._owner, node in enumerate(request.arguments):
            generator = False
            if isinstance(node, wire.SequenceNode) and node.kind == "generator":
                generator, node = True, wire.SequenceNode("list", node.items)
            value = decoder.decode(node)
            if isinstance(value, values.ParameterSequence):
                value = torch.nn.ParameterList(value)
            self.comparable.append(value)
            self.values.append(iter(list(value)) if generator else value)
        self._owner = -1
        decoder.place = "cpu"  # in float64, which not every device has
        self.leaves, given = list(self.leaves), self.leaves
        self.cotangent = decoder.decode(request.cotangent)
        self.leaves = given

    def _tensor(self, node: wire.TensorNode, data: torch.Tensor | None, grad: Any) -> torch.Tensor:
        if self._reflected and data is not None:
            data = self._reflected.put(data)
        tensor = values._plain_tensor(node, data, grad)
        if self._owner >= 0:
            self.tensors.append(tensor)
            self.owners.append(self._owner)
            if node.requires_grad:
                self.leaves.append(tensor)
        return tensor

    def remember(self) -> tuple[list[Any], list[torch.Tensor]]:
        """The arguments' structure and copies of their tensors, to compare with after the call."""
        outlines = [_outline(value) for value in self.comparable]
        return outlines, [_clone(tensor.detach()) for tensor in self.tensors]

    def mutated(self, outlines: list[Any], copies: list[torch.Tensor]) -> list[int]:
        """Numbers of the arguments whose structure or tensors have changed since ``remember``."""
        owners = {
            index
            for index, (old, value) in enumerate(zip(outlines, self.comparable, strict=True))
            if old != _outline(value)
        }
        for tensor, owner, copy in zip(self.tensors, self.owners, copies, strict=True):
            if not tensor.is_meta and not _equal(tensor.detach(), copy):
                owners.add(owner)
        return sorted(owners)


def _outline(value: Any) -> Any:
    """A value's structure: types, lengths and shapes, and the identity of what a list holds."""
    if isinstance(value, torch.Tensor):
        return (id(value), value.dtype, tuple(value.shape))
    if isinstance(value, (list, tuple, torch.nn.ParameterList)):
        return [_outline(item) for item in value]
    if isinstance(value, dict):
        return [(key, _outline(item)) for key, item in value.items()]
    return value


def _gradients(
    results: list[torch.Tensor], leaves: list[torch.Tensor], cotangent: torch.Tensor
) -> list[torch.Tensor | None]:
    """∂(Σ cotangent·result)/∂leaf for each leaf; None where the result does not depend on it.

    ``cotangent`` is one flat vector over all floating results in order, so it fits outputs that
    come as a list of T matrices, as one (T, n, q) tensor or as one (T·n, q) tensor alike.
    """
    floating = [result for result in results if result.is_floating_point()]
    if sum(result.numel() for result in floating) != cotangent.numel():
        return [None] * len(leaves)
    total, start = None, 0
    for result in floating:
        end = start + result.numel()
        if result.requires_grad:
            weight = cotangent[start:end].reshape(result.shape).to(result.dtype).to(result.device)
            part = (result * weight).sum()
            total = part if total is None else total + part.to(total.device, total.dtype)
        start = end
    if total is None or not leaves:
        return [None] * len(leaves)
    # a scalar: with weights as `grad_outputs` torch would import sympy first, 0.6 s for nothing
    return list(_autograd_grad(total, leaves, allow_unused=True))


def _seed(seed: int) -> None:
    _seed_torch(seed % 2**63)
    random.seed(seed)
    np.random.seed(seed % 2**32)


def describe_error(error: BaseException, folder: str) -> wire.RaisedError:
    """An exception as text: type, message, and the frames that lie in the submission."""
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.startswith(folder + os.sep):
            line, name = traceback.tb_lineno, traceback.tb_frame.f_code.co_name
            source = linecache.getline(file, line).strip()[:200]
            frames.append(wire.Frame(os.path.relpath(file, folder), line, name[:80], source))
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).startswith(folder + os.sep):
        file = os.path.relpath(str(error.filename), folder)
        source = str(error.text or "").strip()[:200]
        frames.append(wire.Frame(file, int(error.lineno or 0), "", source))
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # a __str__ that raises
        message = "(its message can't be read)"
    message = message[: limits.ERROR_CHARS].encode("utf-8", "replace").decode()
    stub = isinstance(error, NotImplementedError) and (
        not message or bool(frames and "NotImplementedError" in frames[-1].source)
    )
    return wire.RaisedError(type(error).__name__[:80], message, _ends(frames), stub)


def _ends(frames: list[wire.Frame]) -> list[wire.Frame]:
    """The first and last frames of a deep traceback."""
    half = limits.FRAMES // 2
    return frames if len(frames) <= limits.FRAMES else frames[:half] + frames[-half:]
