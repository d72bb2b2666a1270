"""Names that are not known: a typing slip, an import that is missing, a module that is not here."""

import dataclasses
import math
import re
import types

import numpy
import torch

from grader.advice.scene import Scene, nearest, outline_of
from grader.findings import Finding

_NOT_DEFINED = re.compile(r"^NameError: name '(\w{1,80})' is not defined")
_UNBOUND = re.compile(r"^UnboundLocalError: .{0,40}local variable '(\w{1,80})'")
_NO_ATTRIBUTE = re.compile(
    r"^AttributeError: (?:module )?'([\w.]{1,80})' (?:object )?has no attribute '(\w{1,80})'"
)
_NO_MODULE = re.compile(r"^ModuleNotFoundError: No module named '([\w.]{1,120})'")
_NOT_IN_MODULE = re.compile(r"^ImportError: cannot import name '(\w{1,80})' from '([\w.]{1,120})'")
_WHERE = re.compile(r" \([^()]{1,400}\)$")  # where the module lies on this machine
_IMPORTS = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
    "np": "import numpy as np",
    "math": "import math",
    "random": "import random",
}
_OWNERS = {
    "torch": torch,
    "torch.nn": torch.nn,
    "torch.nn.functional": torch.nn.functional,
    "numpy": numpy,
    "math": math,
    "Tensor": torch.Tensor,
    "Parameter": torch.nn.Parameter,
}
_PACKAGE = "exercises."
_SEQUENCES = {"tuple", "list"}


def unknown_name(scene: Scene) -> Finding | None:
    """A NameError, with the name that was probably meant."""
    found = _NOT_DEFINED.search(scene.error)
    if not found:
        return None
    name = found.group(1)
    own = scene.definition
    if name == "self" and own is not None:
        return scene.with_advice("self_missing", method=own.name, place=scene.place(own.line))
    here = own.names if own else set()
    known = scene.outline.names if scene.outline else set()
    if name in _IMPORTS and name not in known:
        return scene.with_advice("import_missing", line=_IMPORTS[name])
    near = nearest(name, [*sorted(here), *sorted(known)])
    if near:
        return scene.with_advice("name_near", name=name, near=near)
    return scene.with_advice("name_unknown", name=name)


def unset_name(scene: Scene) -> Finding | None:
    """A local name that is read before it has a value."""
    found = _UNBOUND.search(scene.error)
    return scene.with_advice("name_unset", name=found.group(1)) if found else None


def unknown_attribute(scene: Scene) -> Finding | None:
    """Something that a module or a tensor does not have, with what was probably meant."""
    found = _NO_ATTRIBUTE.search(scene.error)
    if not found:
        return None
    owner, name = found.groups()
    if owner in _SEQUENCES:
        if name == "detach":
            return scene.with_advice("detach_each")
        return scene.with_advice("attribute_of_sequence", kind=owner, name=name)
    if owner in _OWNERS:
        near = nearest(name, (each for each in dir(_OWNERS[owner]) if not each.startswith("_")))
        prefix = f"{owner}." if isinstance(_OWNERS[owner], types.ModuleType) else ""
        if near:
            return scene.with_advice("name_near", name=prefix + name, near=prefix + near)
    return None


def import_error(scene: Scene) -> Finding | None:
    """A module that is not here, or does not have what is imported from it."""
    found = _NO_MODULE.search(scene.error)
    if found:
        return _no_module(scene, found.group(1))
    found = _NOT_IN_MODULE.search(scene.error)
    if not found:
        return None
    name, module = found.groups()
    fields = {**scene.finding.fields, "text": _WHERE.sub("", str(scene.finding.fields["text"]))}
    scene.finding = dataclasses.replace(scene.finding, fields=fields)
    if module.startswith(_PACKAGE):
        other = outline_of(scene.snapshot, f"{module.removeprefix(_PACKAGE)}.py")
        near = nearest(name, sorted(other.names)) if other else None
    else:
        near = nearest(name, dir(_OWNERS[module])) if module in _OWNERS else None
    return scene.with_advice("name_near", name=name, near=near) if near else None


def _no_module(scene: Scene, module: str) -> Finding | None:
    own = sorted(path.stem for path in scene.snapshot.folder.glob("*.py"))
    prefix = _PACKAGE if module.startswith(_PACKAGE) else ""
    near = nearest(module.removeprefix(prefix), own)
    if near:
        return scene.with_advice("module_near", name=module, near=prefix + near)
    if module.startswith(_PACKAGE):
        return scene.with_advice("module_not_handed_in", file=f"{module[len(_PACKAGE) :]}.py")
    return scene.with_advice("module_missing", name=module)
