"""Findings, checks and results made by hand, for tests of what is shown."""

import torch

from grader.catalog import Catalog, Check, Exercise, Function
from grader.checking.scoring import Outcome
from grader.checking.session import Graded
from grader.findings import Call, Difference, Finding
from grader.sandbox.values import dtype_name
from grader.sandbox.wire import TensorNode
from grader.submission import Returned

TITLE = {"en": "result equals the equation", "zh": "结果与公式一致"}
HINT = {"en": "Compare term by term.", "zh": "请逐项对照。"}


def check(function: str = "update_gate", name: str = "values", points: int = 5) -> Check:
    """A check of a function of the GRU."""
    return Check("gru", function, name, "value", points, TITLE, HINT)


def returned(tensor: torch.Tensor) -> Returned:
    """A tensor as it comes back from a worker."""
    size = tensor.numel() * tensor.element_size()
    return Returned(TensorNode(dtype_name(tensor.dtype), list(tensor.shape), size), tensor)


def matrix(*rows: list[float], dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """A small matrix."""
    return torch.tensor(rows, dtype=dtype)


def gate_call(printed: bytes = b"") -> Call:
    """A call of ``update_gate`` with one entry in each argument."""
    X, H, W, U = (matrix([number]) for number in (1.5, -0.25, 0.5, 2.0))
    b = torch.tensor([0.125], dtype=torch.float64)
    return Call("update_gate", {"X": X, "H": H, "W_xz": W, "W_hz": U, "b_z": b}, printed)


def wrong_value(printed: bytes = b"") -> Finding:
    """A gate whose value is not the right one."""
    left, right = matrix([0.25]), matrix([0.75])
    return Finding(
        "values",
        {"part": ""},
        call=gate_call(printed),
        returned=returned(left),
        expected=right,
        has_values=True,
        difference=Difference("", (0, 0), 0.25, 0.75, 1, 1, 1e-9),
        minimal=True,
    )


def graded(findings: dict[str, Finding | None], layers: list[str] | None = None) -> Graded:
    """A run over two exercises of two functions each, a check a function.

    Args:
        findings: by function's key, such as "gru.update_gate"; the others passed.
    """
    exercises = []
    for name, functions in {"rnn": ("step", "rnn"), "gru": ("update_gate", "gru")}.items():
        rows = [
            Function(name, f, (), (Check(name, f, "values", "value", 5, TITLE, HINT),))
            for f in functions
        ]
        title = {"en": f"The {name.upper()}", "zh": f"{name.upper()} 网络"}
        exercises.append(Exercise(name, title, (), tuple(rows)))
    catalog = Catalog(tuple(exercises))
    outcomes = {
        row.id: Outcome(row, findings.get(function.key), 0.5)
        for function in catalog.functions.values()
        for row in function.checks
    }
    return Graded(catalog, catalog.names, outcomes, {}, layers)
