"""Calls whose arguments are not those that a function takes."""

import re

from grader.advice.scene import Scene
from grader.findings import Finding

_ARGUMENTS = re.compile(
    r"^TypeError: ([\w.<>]{1,160})\(\) (?:takes|missing|got an unexpected|got multiple)"
)


def arguments_wrong(scene: Scene) -> Finding | None:
    """The asked function's own signature, or a call that the submission makes."""
    found = _ARGUMENTS.search(scene.error)
    known = scene.outline
    if not found or known is None:
        return None
    *owners, name = found.group(1).replace("<locals>.", "").split(".")
    named = [d for d in known.definitions if d.name == name]
    own = next((d for d in named if [each.name for each in d.inside] == owners), None)
    own = own or (named[-1] if named else None)
    if own is None:
        return None
    place = scene.place(own.line)
    if own.is_method and not own.static and own.arguments[:1] not in (["self"], ["cls"]):
        return scene.with_advice("self_missing", method=name, place=place)
    if own.is_class:
        if name == scene.check.function and name.islower():
            return scene.with_advice("class_for_function", name=name, place=place)
        return None
    if scene.at is not None:
        return scene.with_advice("own_call", name=name, own=own.signature, place=place)
    call = scene.finding.call
    asked = [] if call is None else [n for n in call.arguments if not n.startswith("#")]
    if not asked or name != scene.check.function:
        return None
    return scene.with_advice("signature", asked=", ".join(asked), own=own.signature, place=place)
