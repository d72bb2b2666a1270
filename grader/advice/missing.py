"""Functions that are not found, and functions that are written but still raise the stub's error."""

import dataclasses

from grader.advice.scene import Scene, nearest
from grader.findings import Advice, Finding
from grader.outline import Definition, Outline


def advised(scene: Scene) -> Finding | None:
    """A better sentence for a function that is missing or not begun, where there is one."""
    known = scene.outline
    if known is None:
        return None
    if scene.finding.code == "stub":
        return _raise_left(scene, known)
    if scene.finding.code == "function_missing":
        return _misplaced(scene, known) or _misnamed(scene, known)
    return None


def _raise_left(scene: Scene, known: Outline) -> Finding | None:
    """There is code, and a ``raise NotImplementedError`` that was never taken out."""
    own = scene.definition
    if own is None or not own.written or not own.raises:
        return None
    at = scene.at
    here = at is not None and at.line in own.raises
    place = at if at is not None and here else scene.place(own.raises[0])
    return _restated(scene, "stub_left", "delete_line", own, place=place)


def _misplaced(scene: Scene, known: Outline) -> Finding | None:
    """It is there by that name, where the file's import does not define it."""
    found = [d for d in known.definitions if d.name == scene.check.function and not d.is_top]
    if not found:
        return None
    own = found[-1]
    if own.is_method:
        return _restated(scene, "function_in_class", "out_of_class", own, other=own.inside[-1].name)
    if own.inside:
        return _restated(
            scene, "function_nested", "out_of_function", own, other=own.inside[-1].name
        )
    return _restated(scene, "function_guarded", "out_of_guard", own)


def _misnamed(scene: Scene, known: Outline) -> Finding | None:
    """Something at the top level has almost that name, and is not asked for by its own."""
    function = scene.check.function
    free = [d for d in known.definitions if d.is_top and d.name not in scene.asked]
    own = {d.name: d for d in free}
    name = nearest(function, own)
    if name is None:
        return None
    if own[name].is_class and function.islower():
        return _restated(scene, "function_is_class", "class_to_function", own[name], other=name)
    return _restated(scene, "function_misnamed", "rename", own[name], other=name)


def _restated(
    scene: Scene, code: str, advice: str, own: Definition, /, **fields: object
) -> Finding:
    given = {"function": scene.check.function, "file": scene.finding.fields.get("file", scene.file)}
    given |= {"place": scene.place(own.line), **fields}
    return dataclasses.replace(scene.finding, code=code, fields=given, advice=Advice(advice, given))
