"""Whether a gradient was worked out by hand, as far as the operations of one call can show.

Autograd itself, torch's own slopes and imaginary steps are gone from the workers of such exercises
(``sandbox/kernels.py``). What is left is to run the network again for each entry, moved a little.
So one small call is written down, carried out by the referee, and looked through: that bends
hundreds of times as many numbers as the chain rule does. What is computed outside of torch, in
NumPy or in Python's own numbers, can't be seen, and is not judged.
"""

from typing import Any

import torch

from grader.checking.cost import measured
from grader.findings import CheckStopped, fail
from grader.nested import cast, tensors_in
from grader.submission import Function

MOST = 3  # times for each step and once: from the first step for each state, and exp in place of σ


def require_by_hand(function: Function, arguments: dict[str, Any], enough: int, steps: int) -> None:
    """Stop a check of a function that does not work its gradients out.

    Args:
        arguments: of a small call.
        enough: how many numbers tanh and σ give in it, forwards.
        steps: how many steps it has.

    Raises:
        CheckStopped: if it does not, or the function is not there.
    """
    if "by_hand" not in function.cache:
        function.cache["by_hand"] = _looked_at(function, arguments, MOST * (steps + 1) * enough)
    count = function.cache["by_hand"]
    if count:
        raise fail("by_hand_many", count=f"{count:,}", enough=f"{enough:,}")


def _looked_at(function: Function, arguments: dict[str, Any], most: int) -> int:
    """How many numbers were bent, if that are too many, or 0."""
    given = cast(arguments, torch.float64)
    try:
        answer = function.ask(given, record=True)
        counts = measured(function, answer, list(tensors_in(list(given.values()))))
    except (CheckStopped, ValueError):  # the check itself will say what is wrong with it
        return 0
    return counts["curved"] if counts["curved"] > most else 0


__all__ = ["require_by_hand"]
