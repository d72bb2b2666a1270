"""Exceptions: what their texts mean in the code of these exercises.

Each pattern is bounded and is looked for in one short text. What the text alone leaves open is
settled by the line that raised, the function's source, or the arguments of the call.
"""

import dataclasses
import re
from collections.abc import Callable

from grader.advice import calls, names
from grader.advice.scene import Scene
from grader.findings import Finding

_TEXTS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"before Module.__init__\(\) call", "super_init"),
        (r"as parameter '\w{1,80}' \(torch\.nn\.Parameter or None expected", "wrap_parameter"),
        (r"implicitly created only for scalar outputs", "scalar_loss"),
        (r"scatter\S{0,10}: Expected dtype int|one_hot is only applicable to index", "index_long"),
        (
            r"expected scalar type Long|target with class probabilities",
            "labels_long",
        ),
        (r"cat\(\): argument 'tensors' .{0,40}must be tuple of Tensors, not Tensor", "cat_list"),
        (r"must be Tensor, not (?:float|int)\b", "math_of_number"),
        (r"Boolean value of Tensor with more than one value", "truth_of_tensor"),
        (r"cannot be converted to Scalar|only one element tensors can be", "item_of_many"),
        (r"'Tensor' object is not callable|'Parameter' object is not callable", "not_callable"),
        (r"'module' object is not callable", "module_called"),
        (r"(?:generator|iterator)' (?:has no len|object is not subscr)", "generator_once"),
        (r"unbatched 2-D input|input must have 3 dim|Expected 2D or 3D input", "layer_input"),
        (r"input\.size\(-1\) must be equal to input_size", "layer_input"),
        (r"CUDA enabled|NVIDIA driver|CUDA GPUs|invalid device ordinal", "device_named"),
        (r"[Cc]an't call numpy\(\) on Tensor that requires grad", "numpy_grad"),
        (r"autograd is switched off|gradient out by hand|[Ii]nference tensor", "by_hand"),
        (r"InferenceMode", "by_hand"),
        (r"^RuntimeError: element 0 of tensors does not require grad", "graph_cut"),
        (r"Can't detach views in-place", "detach_in_place"),
    )
)
_SHAPES = re.compile(
    r"mat1 and mat2 shapes cannot be multiplied \((\d{1,9}x\d{1,9}) and (\d{1,9}x\d{1,9})\)"
)
_SIZES = re.compile(r"The size of tensor a \(\d{1,9}\) must match the size of tensor b")
_SECOND = re.compile(r"backward through the graph a second time")
_CHANGED = re.compile(r"has been modified by an inplace operation")
_LEAF = re.compile(r"leaf Variable that requires grad is being used in an in-place operation")
_UNPACKED = re.compile(r"(?:not enough|too many) values to unpack|iteration over a 0-d tensor")
_COUNTS = re.compile(r"unpack \(expected (?:at least )?(\d{1,4})")
_SEQUENCE = re.compile(
    r"for @: '(?:(tuple|list)' and '\w{1,40}|\w{1,40}' and '(tuple|list))'"
    r"|must be Tensor, not (tuple|list)"
)
_NONE = re.compile(r"'?NoneType'?")
_APPEND = re.compile(r"(\w{1,60})\s{0,4}=\s{0,4}(\w{1,60})\.(append|extend|reverse|sort|insert)\(")
_STATES = {1: "(H,) = state", 2: "H, C = state"}


def advised(scene: Scene) -> Finding | None:
    """The finding of an exception with what it means here, where that can be told."""
    if scene.finding.code != "raised":
        return None
    for adviser in _ADVISERS:
        found = adviser(scene)
        if found is not None:
            return found
    code = next((code for pattern, code in _TEXTS if pattern.search(scene.error)), None)
    return scene.with_advice(code) if code else None


def _backward(scene: Scene) -> Finding | None:
    """The graph of an earlier batch is still there when the next one goes backward."""
    arguments = scene.finding.call.arguments if scene.finding.call else {}
    if _SECOND.search(scene.error):
        code = "state_on_old_graph" if "init_rnn_state" in arguments else "backward_twice"
        return scene.with_advice(code)
    if not _CHANGED.search(scene.error):
        return None
    if ".backward(" not in scene.line:
        return scene.with_advice("changed_in_cell")
    retained = "retain_graph" in scene.line
    return scene.with_advice("state_on_changed_graph" if retained else "changed_in_place")


def _by_hand(scene: Scene) -> Finding | None:
    """Autograd, where it is switched off."""
    asks = "does not require grad" in scene.error or ".backward(" in scene.line
    return scene.with_advice("by_hand") if scene.by_hand and asks else None


def _recursion(scene: Scene) -> Finding | None:
    """A function that calls itself without end."""
    at = scene.at
    if at is None or not scene.error.startswith("RecursionError"):
        return None
    own = [place for place in scene.finding.places if place.function == at.function]
    return scene.with_advice("recursion", function=at.function) if len(own) > 1 else None


def _leaf(scene: Scene) -> Finding | None:
    return scene.with_advice("leaf_in_place") if _LEAF.search(scene.error) else None


def _unpacked(scene: Scene) -> Finding | None:
    """The two sides of an unpacking: of the state, or of the parameters."""
    if not _UNPACKED.search(scene.error) or scene.finding.call is None:
        return None
    given = {
        name: len(value)
        for name, value in scene.finding.call.arguments.items()
        if name in ("state", "params") and isinstance(value, (list, tuple))
    }
    expected = _COUNTS.search(scene.error)
    right = scene.line.rpartition("=")[2]
    if re.search(r"\bparams\b", right) and "params" in given and expected:
        return scene.with_advice("params_count", count=given["params"], own=expected.group(1))
    if re.fullmatch(r"\s{0,8}state\s{0,8}", right) and "state" in given:
        count = given["state"]
        return scene.with_advice("state_count", count=count, line=_STATES.get(count, "list(state)"))
    if re.search(r"\bstate\b|\bH\b", right):
        return scene.with_advice("matrix_taken_apart")
    return None


def _sequence(scene: Scene) -> Finding | None:
    """A tuple or a list where a matrix is due."""
    found = _SEQUENCE.search(scene.error)
    if not found or scene.finding.call is None:
        return None
    state = scene.finding.call.arguments.get("state")
    own = scene.definition
    names = {"state", *(new for new, old in (own.aliases if own else []) if old == "state")}
    used = any(re.search(rf"\b{name}\b", scene.line) for name in names)
    if used and isinstance(state, (list, tuple)) and "inputs" not in scene.line:
        advised = scene.with_advice(
            "state_is_sequence", line=_STATES.get(len(state), "list(state)")
        )
        known = advised.diagnosis
        if known is not None and known.id.count(".") > 2:  # one of a helper's: the source is surer
            advised = dataclasses.replace(advised, diagnosis=None)
        return advised
    if "inputs" in scene.line:
        return scene.with_advice("inputs_are_sequence")
    return None


def _none(scene: Scene) -> Finding | None:
    """None where a value is due: a gradient that is not there, or what ``append`` returns."""
    if not _NONE.search(scene.error):
        return None
    own = scene.definition
    assigned = _APPEND.search(scene.line)
    if assigned and assigned.group(1) == assigned.group(2):
        return scene.with_advice("append", name=assigned.group(2), method=assigned.group(3))
    arguments = scene.finding.call.arguments if scene.finding.call else {}
    if "init_rnn_state" in arguments and re.search(r"\bstate\b", scene.line):
        return scene.with_advice("state_none")
    small = own is not None and "state" not in own.names and "params" in arguments
    if ".grad" in scene.line or (small and own is not None and "grad" in own.attributes):
        return scene.with_advice("grad_none")
    known = scene.outline
    called = re.findall(r"\b(\w{1,60})\(", scene.line)[:10]
    for name in called if known else []:
        other = known.top(name) if known else None
        if other and not other.is_class and other.written and not other.returns:
            place = scene.place(other.line)
            return scene.with_advice("callee_returns_none", name=name, place=place)
    return None


def _shapes(scene: Scene) -> Finding | None:
    """Shapes that don't fit: of a product of matrices, or entry by entry where one is due."""
    found = _SHAPES.search(scene.error)
    if found:
        left, right = (text.replace("x", ", ") for text in found.groups())
        inner = left.partition(", ")[2], right.partition(", ")[0]
        return scene.with_advice("matmul", left=left, right=right, columns=inner[0], rows=inner[1])
    if not _SIZES.search(scene.error):
        return None
    return starred(scene)


def starred(scene: Scene) -> Finding | None:
    """``X * W`` for ``X @ W``: a weight multiplied entry by entry with something that is none."""
    own = scene.definition
    for left, right in own.products if own else []:
        if right.startswith("W_") and not left.startswith(("W_", "b_")):
            return scene.with_advice("star", left=left, right=right)
    return None


_ADVISERS: tuple[Callable[[Scene], Finding | None], ...] = (
    names.unknown_name,
    names.unset_name,
    names.unknown_attribute,
    calls.arguments_wrong,
    _by_hand,
    _backward,
    _recursion,
    _leaf,
    _none,
    _sequence,
    _unpacked,
    _shapes,
)
