"""How far back a gradient reaches: ‖∂S_T/∂S_t‖₂ for every step t, S_t being the state after it.

The Jacobian is asked for in one call a step: a batch of equal sequences, one for each number in the
state, each with another unit vector as the weight of the last state. What comes back as the
gradient of the state that was given is the Jacobian, row by row. Its norm is computed here.
"""

import torch

from grader.nested import tensors_in
from grader.pictures.asking import LARGEST, Asker, Unavailable, finite, tensors
from grader.pictures.cells import CELLS, INPUTS, groups, readout, waves
from grader.sandbox import limits
from grader.submission import Returned

UNITS, STEPS, OUTPUTS = 6, 20, 2
SCALES = {"rnn": 1.0, "gru": 1.2, "lstm": 1.2}  # of W_h


def through_network(exercise: str, asker: Asker) -> list[float]:
    """The norms for t = 0 … T−1, through the exercise's whole network.

    Raises:
        Unavailable: if they can't be had.
    """
    cell = CELLS[exercise]
    own = groups(cell, INPUTS, UNITS, SCALES[exercise])
    params = [*(p for letter in cell.groups for p in own[letter]), *readout(UNITS, OUTPUTS)]
    inputs = waves(STEPS)
    count = len(cell.states)
    rows = count * UNITS
    state = [torch.zeros((1, UNITS), dtype=torch.float64)] * count
    found: list[float] = []
    key = f"{exercise}.{cell.whole}"
    for step in range(STEPS):
        found.append(_norm(asker, key, [X.repeat(rows, 1) for X in inputs[step:]], state, params))
        answer = asker.ask(
            key, {"inputs": inputs[step : step + 1], "state": tuple(state), "params": params}
        )
        parts = answer.value if isinstance(answer.value, (list, tuple)) else ()
        after = parts[1] if len(parts) == 2 else None
        state = tensors(key, after, [(1, UNITS)] * count)
    return found


def _norm(
    asker: Asker,
    key: str,
    inputs: list[torch.Tensor],
    state: list[torch.Tensor],
    params: list[torch.Tensor],
) -> float:
    rows = len(state) * UNITS
    given = [part.repeat(rows, 1).requires_grad_() for part in state]
    weights = torch.eye(rows, dtype=torch.float64).reshape(rows, len(state), UNITS)
    outputs = torch.zeros(len(inputs) * rows * OUTPUTS, dtype=torch.float64)
    cotangent = torch.cat([outputs, *(weights[:, part].reshape(-1) for part in range(len(state)))])
    arguments = {"inputs": inputs, "state": tuple(given), "params": params}
    answer = asker.ask(key, arguments, cotangent=cotangent, result_bytes=limits.RESULT_BYTES)
    results = [t for t in tensors_in(_plain(answer.value)) if t.is_floating_point()]
    if sum(result.numel() for result in results) != len(cotangent):
        raise Unavailable("html.no_shape", name=key)
    blocks = [
        torch.zeros((rows, UNITS), dtype=torch.float64)
        if gradient is None
        else finite(key, gradient, (rows, UNITS))
        for gradient in answer.gradients
    ]
    if len(blocks) != len(state):
        raise Unavailable("html.no_shape", name=key)
    return float(torch.linalg.matrix_norm(torch.cat(blocks, dim=1), ord=2))


def _plain(value: object) -> object:
    """Returned tensors as tensors, in the same lists and tuples."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.data if isinstance(value, Returned) else value


def by_hand(asker: Asker) -> list[float]:
    """The norms that ``bptt.state_gradient_norms`` itself returns for the plain network.

    Raises:
        Unavailable: if they are no list of T numbers.
    """
    key = "bptt.state_gradient_norms"
    own = groups(CELLS["rnn"], INPUTS, UNITS, SCALES["rnn"])["h"]
    start = torch.zeros((1, UNITS), dtype=torch.float64)
    names = ("W_xh", "W_hh", "b_h")
    arguments = {"inputs": waves(STEPS), "H": start, **dict(zip(names, own, strict=True))}
    value = asker.ask(key, arguments).value
    if isinstance(value, Returned):
        return finite(key, value, (STEPS,)).tolist()
    if not isinstance(value, (list, tuple)) or len(value) != STEPS:
        raise Unavailable("html.no_shape", name=key)
    if not all(isinstance(number, (int, float)) for number in value):
        raise Unavailable("html.no_shape", name=key)
    if not all(-LARGEST <= number <= LARGEST for number in value):  # neither is NaN
        raise Unavailable("html.no_numbers", name=key)
    return [float(number) for number in value]
