"""Results that are wrong in a way whose cause can be read in the source."""

from collections.abc import Callable

from grader.advice.raised import starred
from grader.advice.scene import Scene
from grader.findings import Finding
from grader.outline import Definition

_ABOUT_GRAPHS = ("cost_graphs", "cost_memory", "trained_parameters", "epoch_perplexity", "number")
_ABOUT_SHAPE = ("shape", "sequence_shape")


def advised(scene: Scene) -> Finding | None:
    """The finding with its cause, where it can be seen."""
    for adviser in _ADVISERS:
        found = adviser(scene)
        if found is not None:
            return found
    return None


def _asked(scene: Scene) -> Definition | None:
    return scene.outline.top(scene.check.function) if scene.outline else None


def _nothing_returned(scene: Scene) -> Finding | None:
    """None came back: there is no ``return``, perhaps a ``print`` in its place."""
    own = _asked(scene)
    if scene.finding.fields.get("kind") != "None" or own is None or own.is_class:
        return None
    if own.returns:
        names = own.appends
        return scene.with_advice("append", name=names[0], method="append") if names else None
    code = "print_for_return" if own.prints else "return_missing"
    return scene.with_advice(code, function=own.name, place=scene.place(own.line))


def _array(scene: Scene) -> Finding | None:
    """An array of numpy came back, or a tensor that was one on the way."""
    own = _asked(scene)
    cut = scene.finding.code in ("no_gradients", "gradient_missing")
    if "ndarray" in str(scene.finding.fields.get("kind", "")) or (
        cut and own is not None and "numpy" in own.attributes
    ):
        return scene.with_advice("numpy_array")
    return None


def _bare(scene: Scene) -> Finding | None:
    """One matrix where a tuple of several is due."""
    if scene.finding.code == "bare_tensor" and scene.finding.fields.get("count") != 1:
        return scene.with_advice("bare_of_several", count=scene.finding.fields.get("count"))
    return None


def _class(scene: Scene) -> Finding | None:
    """A class stands where a function is asked for, so calling it makes an object."""
    own = _asked(scene)
    if own is None or not own.is_class or not own.name.islower():
        return None
    return scene.with_advice("class_for_function", name=own.name, place=scene.place(own.line))


def _starred(scene: Scene) -> Finding | None:
    return starred(scene) if scene.finding.code in _ABOUT_SHAPE else None


def _rebound(scene: Scene) -> Finding | None:
    """``p = p - ...``: a new tensor, while the caller's stays as it was."""
    own = _asked(scene)
    if scene.finding.code != "sgd" or own is None or not own.rebinds:
        return None
    difference = scene.finding.difference
    return scene.with_advice("rebound", name=own.rebinds[0]) if difference else None


def _retained(scene: Scene) -> Finding | None:
    """The graph of earlier batches is kept: by ``retain_graph``, by a ``detach`` that is lost."""
    own = _asked(scene)
    named = scene.finding.diagnosis is not None
    if named or own is None or scene.finding.code not in _ABOUT_GRAPHS or "state" not in own.names:
        return None
    if own.retains and (own.drops or not own.attributes & {"detach", "detach_"}):
        return scene.with_advice("state_on_kept_graph")
    return scene.with_advice("state_on_old_graph") if own.drops else None


_ADVISERS: tuple[Callable[[Scene], Finding | None], ...] = (
    _nothing_returned,
    _array,
    _class,
    _bare,
    _starred,
    _rebound,
    _retained,
)
