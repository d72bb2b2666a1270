"""What a student reads, whole, in both languages: read it aloud when you change it."""

import math

import pytest
import torch
from rich.cells import cell_len

from grader.findings import Call, Difference, Finding, Place
from grader.locale import Texts
from grader.report.counterexample import counterexample
from grader.report.wording import LINES, message, one_line
from grader.sandbox.values import Opaque
from tests.kit import made

BIG = torch.arange(24.0, dtype=torch.float64).reshape(4, 6)
OTHER = BIG + (BIG == 15)
FRAMES = [
    Place("gru.py", 40, "gru", "Z = update_gate(X, H, W_xz, W_hz, b_z)"),
    Place("gru.py", 21, "update_gate", "return torch.sigmoid(X @ W_hz + H @ W_xz)"),
]
NO_MATCH = "mat1 and mat2 shapes cannot be multiplied (1x2 and 1x1)"
CASES = {
    "values": made.wrong_value(),
    "neighbourhood": Finding(
        "values",
        {"part": "outputs[1]"},
        call=Call("rnn", {"inputs": [BIG, BIG], "n": 2}),
        returned=made.returned(OTHER),
        expected=BIG,
        has_values=True,
        difference=Difference("outputs[1]", (2, 3), 16.0, 15.0, 1, 24, 1e-9),
    ),
    "bare_tensor": Finding(
        "bare_tensor",
        {"part": "", "count": 1},
        call=Call("init_gru_state", {"batch_size": 1, "num_hiddens": 2, "device": None}),
        returned=made.returned(torch.zeros(1, 2)),
        expected=(torch.zeros(1, 2, dtype=torch.float64),),
        has_values=True,
    ),
    "none": Finding(
        "not_a_tensor",
        {"part": "", "kind": "None"},
        call=made.gate_call(),
        expected=made.matrix([0.75]),
        has_values=True,
    ),
    "raised": Finding(
        "raised",
        {"type": "RuntimeError", "text": NO_MATCH},
        status="error",
        call=made.gate_call(),
        places=FRAMES,
    ),
    "timeout": Finding(
        "timeout", {"clock": "cpu", "seconds": 5}, status="timeout", call=made.gate_call()
    ),
    "mutated": Finding(
        "mutated", {"arguments": "H, W_hz"}, call=made.gate_call(), has_values=True
    ),
    "blocked": Finding("blocked", {"functions": "reset_gate"}, status="blocked"),
    "stub": Finding(
        "stub", {"function": "update_gate", "file": "gru.py"}, status="not_started"
    ),
    "syntax": Finding(
        "load_raised",
        {"type": "SyntaxError", "text": "'(' was never closed", "file": "gru.py"},
        status="error",
        places=[Place("gru.py", 12, "", "return torch.sigmoid(X @ W_xz")],
    ),
    "statistic": Finding(
        "statistic_std",
        {"name": "W_xz", "returned": "0.1", "low": "0.0096", "high": "0.0104"},
        call=Call("get_params", {"num_inputs": 40, "num_hiddens": 50, "num_outputs": 30}),
        has_values=True,
    ),
    "fault": Finding("fault", {"type": "KeyError", "text": "'q'"}, status="fault"),
}
