"""Messages between the trusted process and a worker: typed, framed, no pickle.

A frame is two big-endian 32-bit lengths, a msgpack header, and a payload of raw tensor bytes. The
header's size bounds how many objects decoding can create; the payload is never parsed.
"""

import struct
from typing import Annotated, Union

import msgspec

from grader.sandbox import limits

PREFIX = struct.Struct(">II")


class ProtocolError(Exception):
    """The other side sent something that is not a frame of this protocol."""


class TensorNode(msgspec.Struct, tag="tensor", array_like=True):
    """A tensor's description; its bytes stand in the payload, in the order of the nodes.

    ``storage`` numbers the storages of a worker's messages: two nodes with the same number, in one
    message or in neighbouring ones, are views of one buffer. ``start`` and ``strides`` say where in
    it, in bytes; no strides are those of a dense tensor. ``nbytes`` is 0 for tensors without data
    (meta).
    """

    dtype: str
    shape: list[int]
    nbytes: int
    device: str = "cpu"
    kind: str = "tensor"  # tensor | parameter | array
    requires_grad: bool = False
    is_leaf: bool = True
    storage: int = -1
    grad: Union["TensorNode", None] = None
    start: int = 0
    strides: list[int] = []


class SequenceNode(msgspec.Struct, tag="seq", array_like=True):
    """A list, a tuple, a parameter list, or (as an argument) a generator over the items."""

    kind: str  # list | tuple | generator | iterator | parameters
    items: list["Node"]


class MappingNode(msgspec.Struct, tag="map", array_like=True):
    """A dict as its items, in order."""

    keys: list["Node"]
    values: list["Node"]


class TextNode(msgspec.Struct, tag="str", array_like=True):
    """A string, perhaps cut at the limit."""

    text: str
    length: int


class IntNode(msgspec.Struct, tag="int", array_like=True):
    """An integer of at most 64 bits."""

    value: int


class FloatNode(msgspec.Struct, tag="float", array_like=True):
    """A Python float, NaN and infinities included."""

    value: float


class BoolNode(msgspec.Struct, tag="bool", array_like=True):
    """True or False."""

    value: bool


class NoneNode(msgspec.Struct, tag="none", array_like=True):
    """None."""


class OpaqueNode(msgspec.Struct, tag="opaque", array_like=True):
    """Something that does not cross: its type's name and why (``note`` is a code)."""

    type_name: str
    note: str = ""


class DeviceNode(msgspec.Struct, tag="device", array_like=True):
    """A ``torch.device``, by name."""

    name: str


class DtypeNode(msgspec.Struct, tag="dtype", array_like=True):
    """A ``torch.dtype``, by name."""

    name: str


class StandInNode(msgspec.Struct, tag="standin", array_like=True):
    """A function that lives in the sandbox (``standins.py``), with the values it closes over."""

    name: str
    values: list["Node"]


class HandleNode(msgspec.Struct, tag="handle", array_like=True):
    """An object that stays in the worker, by number (``handles.py``).

    ``kinds`` names the classes of ``torch.nn`` that it is an instance of, the nearest first.
    """

    number: int
    type_name: str = ""
    kinds: list[str] = []


Node = Union[
    TensorNode,
    SequenceNode,
    MappingNode,
    TextNode,
    IntNode,
    FloatNode,
    BoolNode,
    NoneNode,
    OpaqueNode,
    DeviceNode,
    DtypeNode,
    StandInNode,
    HandleNode,
]


class Timing(msgspec.Struct, array_like=True):
    """A step of a timed sample (``timing.py``): ``action`` is "prepare", "run" or "fetch".

    ``sizes`` are n, d, h, q and T; ``states`` and ``gates`` say what the function's state and
    params consist of; ``number`` is the call to fetch.
    """

    action: str
    sizes: list[int] = []
    states: int = 1
    gates: int = 1
    repetitions: int = 1
    seed: int = 0
    number: int = 0


class Request(msgspec.Struct, array_like=True):
    """Call ``function`` with ``arguments``.

    A name that begins with @ is an operation on an object that stayed in the worker, which is the
    first argument (``handles.OPERATIONS``).

    ``cotangent`` asks for the gradients of Σ cotangent·result with respect to every argument that
    requires one. ``take`` draws at most that many items from a result that is an iterator.
    ``report_arguments`` sends the arguments back as they are after the call. ``record`` has the
    call written down as a program (``recording.py``). ``timed`` calls the function as it says, and
    with its own arguments. ``device`` is where tensors go, and what
    devices are meant, that the nodes call "cpu". ``traced`` asks which of the submission's
    functions are called (``calls.py``).
    """

    nonce: int
    function: str
    arguments: list[Node]
    seed: int
    cotangent: Node
    take: int = 0
    report_arguments: bool = False
    result_bytes: int = limits.RESULT_BYTES
    record: bool = False
    device: str = "cpu"
    timed: Timing | None = None
    traced: bool = False


_Name = Annotated[str, msgspec.Meta(max_length=limits.NAME_CHARS)]
_Path = Annotated[str, msgspec.Meta(max_length=limits.PATH_CHARS)]


class Frame(msgspec.Struct, array_like=True):
    """One traceback frame inside the submission."""

    file: _Path
    line: int
    function: _Name
    source: Annotated[str, msgspec.Meta(max_length=limits.LINE_CHARS)]


class LeftOut(msgspec.Struct, array_like=True):
    """A statement that a file was loaded without: its lines, its first one's text, and why.

    ``type`` and ``text`` are those of the exception; empty where it was not run at all.
    """

    file: _Path
    line: int
    last: int
    source: Annotated[str, msgspec.Meta(max_length=limits.LINE_CHARS)]
    type: _Name = ""
    text: Annotated[str, msgspec.Meta(max_length=limits.LINE_CHARS)] = ""


class RaisedError(msgspec.Struct, array_like=True):
    """An exception that the submission raised, as text."""

    type: _Name
    message: Annotated[str, msgspec.Meta(max_length=limits.ERROR_CHARS)]
    frames: Annotated[list[Frame], msgspec.Meta(max_length=limits.FRAMES)]
    not_implemented: bool = False


class Response(msgspec.Struct, array_like=True):
    """The answer to one request (or to loading, for which ``nonce`` is the worker's first).

    ``gradients`` are in the order of the arguments that require one; an OpaqueNode with the note
    ``unconnected`` stands for "does not depend on it". ``mutated`` numbers the top-level arguments
    that the call changed, ``rebound`` those with a ``.grad`` that is another tensor object than the
    one that was given. ``siblings`` are the submission's other exercises that were imported.
    ``program`` is the packed program of a recorded call, which uses the tensors ``constants``.
    ``called`` names functions of the submission that a traced call has called, as
    "gru.reset_gate"; each is told at once, in a response with ``more`` to come. ``left_out`` are
    the statements that a file was loaded without (``loading.py``).
    """

    nonce: int
    value: Node
    gradients: list[Node] = []
    mutated: list[int] = []
    arguments: list[Node] = []
    error: RaisedError | None = None
    siblings: Annotated[list[_Path], msgspec.Meta(max_length=limits.SIBLINGS)] = []
    rebound: list[int] = []
    program: bytes = b""
    constants: list[Node] = []
    called: list[_Path] = []
    more: bool = False
    left_out: Annotated[list[LeftOut], msgspec.Meta(max_length=limits.LEFT_OUT)] = []


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_response_decoder = msgspec.msgpack.Decoder(Response)


def pack(message: Request | Response, payload: bytes) -> bytes:
    """One frame as bytes.

    Raises:
        ProtocolError: if the message is larger than the limits.
    """
    header = _encoder.encode(message)
    if len(header) > limits.HEADER_BYTES or len(payload) > limits.PAYLOAD_BYTES:
        raise ProtocolError("message too large")
    return PREFIX.pack(len(header), len(payload)) + header + payload


def frame_size(prefix: bytes, most: int = limits.PAYLOAD_BYTES) -> tuple[int, int]:
    """Header and payload lengths announced by a frame's first eight bytes.

    Args:
        most: bytes that were asked for, as payload.

    Raises:
        ProtocolError: if they exceed the limits.
    """
    header, payload = PREFIX.unpack(prefix)
    if header > limits.HEADER_BYTES or payload > min(most, limits.PAYLOAD_BYTES):
        raise ProtocolError("frame too large")
    return header, payload


def unpack_request(header: bytes) -> Request:
    """Decode a request's header."""
    return _request_decoder.decode(header)


def unpack_response(header: bytes) -> Response:
    """Decode a response's header, strictly.

    Raises:
        ProtocolError: if it is not a well-formed response.
    """
    try:
        return _response_decoder.decode(header)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise ProtocolError("malformed response") from error
