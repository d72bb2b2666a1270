"""Which probes a function is looked at with: by exercise, by name, or by its parameters' names.

A function whose parameters have the notes' names needs nothing here. For others, an exercise's
misconceptions may define

    PROBES = {"function": lambda: [(first, arguments), (second, arguments)]}

with float64 tensors; see ``probe_cells.arguments_by_name`` for the names that are known.
"""

import functools
import importlib
import importlib.util
from typing import Any

from grader.audit import (
    probe_cells,
    probe_concise,
    probe_data,
    probe_initial,
    probe_training,
)
from grader.audit.probe_calls import Look

SPECIAL = {
    "sequence_data": probe_data.LOOKS,
    "parameters": probe_initial.LOOKS,
    "concise": probe_concise.LOOKS,
    "training": probe_training.LOOKS,
}
LIKE = {  # functions that take what another exercise's function takes
    "fast.gru_fast": ("gru", "gru"),
    "fast.lstm_fast": ("lstm", "lstm"),
}
NO_AUTOGRAD = {"bptt"}  # called in torch.inference_mode()


@functools.cache
def looks(exercise: str, function: str) -> list[Look]:
    """All looks at a function; each takes a module and says what its function did.

    Raises:
        LookupError: if a parameter has a name that nobody knows arguments for.
    """
    solution = importlib.import_module(f"solutions.{exercise}")
    autograd = exercise not in NO_AUTOGRAD
    own = _own_probes(exercise).get(function)
    if own is not None:
        return probe_cells.looks_at(solution, function, own(), autograd)
    special = SPECIAL.get(exercise, {}).get(function)
    if special is not None:
        return special
    if function == "get_params":
        return probe_initial.parameter_looks(solution)
    if function.startswith("init_") and function.endswith("_state"):
        return probe_initial.state_looks(solution, function)
    other, name = LIKE.get(f"{exercise}.{function}", (exercise, function))
    model = importlib.import_module(f"solutions.{other}")
    cases = probe_cells.arguments_by_name(model, other, name)
    return probe_cells.looks_at(solution, function, cases, autograd)


def _own_probes(exercise: str) -> dict[str, Any]:
    """The table ``PROBES`` of an exercise's misconceptions, if there is one."""
    name = f"grader.misconceptions.{exercise}"
    if importlib.util.find_spec(name) is None:
        return {}
    return getattr(importlib.import_module(name), "PROBES", {})
