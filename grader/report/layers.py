"""The sandbox's layers in a report: one word for those that held, a sentence for each that did not.

The word stands in the JSON report: "landlock+seccomp+rlimits+user", or "partial: no landlock;
workers run as root". What a missing layer means depends on whose rights a worker has.
"""

import os
from collections.abc import Iterable

from grader.locale import Texts

LAYERS = ("landlock", "seccomp", "rlimits")  # "user" comes with root only
OWN, ROOT, YOURS = "a user of their own", "root", "your user"
_MEANINGS = {OWN: "own", ROOT: "root", YOURS: "yours"}


def is_root() -> bool:
    """Whether this process, and so whatever it starts, has all rights."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def sandbox_text(layers: Iterable[str] | None, root: bool | None = None) -> str:
    """Which layers held: "landlock+seccomp+rlimits+user", "partial: no ...; workers run as ...".

    "unused" where no line of the submission was run, "none; ..." where no layer held. Landlock's
    version follows the layers: "..., abi 7".

    Args:
        root: whether the template ran as root; by default as this process does.
    """
    if layers is None:
        return "unused"
    layers = list(layers)
    version = "".join(f", abi {name[3:]}" for name in layers if name.startswith("abi"))
    present = {name for name in layers if not name.startswith("abi")}
    root = is_root() if root is None else root
    wanted = [*LAYERS, *(["user"] if root else [])]
    missing = [layer for layer in wanted if layer not in present]
    if not missing:
        return "+".join([*LAYERS, *sorted(present - set(LAYERS))]) + version
    who = OWN if "user" in present else ROOT if root else YOURS
    lacks = "partial: no " + ", no ".join(missing) + version if present else "none"
    return f"{lacks}; workers run as {who}"


def is_whole(sandbox: str) -> bool:
    """Whether nothing is missing, or nothing was run."""
    return not sandbox.startswith(("partial", "none"))


def missing(sandbox: str) -> list[str]:
    """The ids of sentences, one for each missing layer, that say what can be done without it."""
    if is_whole(sandbox):
        return []
    lacks, _, who = sandbox.partition("; workers run as ")
    names = [part.removeprefix("no ") for part in lacks.partition(": ")[2].split(", ")]
    names = names if lacks.startswith("partial") else list(LAYERS)
    known = {layer: layer for layer in (*LAYERS[1:], "user")}
    known["landlock"] = f"landlock_{_MEANINGS.get(who, 'yours')}"
    return [known[name] for name in names if name in known]


def meanings(sandbox: str, texts: Texts) -> list[str]:
    """These sentences."""
    return [texts.say(f"layers.{name}") for name in missing(sandbox)]
