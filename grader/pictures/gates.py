"""What the gates do over time: a submission's gate functions asked step by step, and the
reference's beside them.

A gate that can't be asked is left out; what later gates need of it is then the reference's.
"""

import dataclasses

import torch

from grader.pictures.asking import Asker, Sentence, Unavailable
from grader.pictures.cells import CELLS, INPUTS, STEPS, UNITS, Gate, groups, waves

SAME = 1e-6  # differences up to here are rounding


@dataclasses.dataclass
class Panel:
    """One quantity over time, units down, steps across; None where it can't be had."""

    gate: Gate
    theirs: torch.Tensor | None
    reference: torch.Tensor
    why: Sentence | None = None

    @property
    def difference(self) -> tuple[float, int, int]:
        """The largest difference between the two, with its step and unit, counted from 1."""
        if self.theirs is None:
            return 0.0, 0, 0
        apart = (self.theirs - self.reference).abs()
        unit, step = divmod(int(apart.argmax()), apart.shape[1])
        return float(apart.max()), step + 1, unit + 1


def panels(exercise: str, theirs: Asker, reference: Asker) -> list[Panel]:
    """The panels of a cell, in the order of its gates.

    Raises:
        Unavailable: if none of the submission's gates can be asked, or the reference can't be.
    """
    right, _ = _trace(exercise, reference, None)
    found, missing = _trace(exercise, theirs, reference)
    gates = CELLS[exercise].gates
    if len(missing) == len(gates):
        first = missing[gates[0].sign]
        raise Unavailable(first.name, **first.fields)
    return [
        Panel(gate, found.get(gate.sign), right[gate.sign], missing.get(gate.sign))
        for gate in gates
    ]


def _trace(
    exercise: str, asker: Asker, instead: Asker | None
) -> tuple[dict[str, torch.Tensor], dict[str, Sentence]]:
    """Each gate over time by its sign, (units, steps); and why those that are missing are.

    Args:
        instead: whom to ask in place of a gate that can't be; without, that is the end.
    """
    cell = CELLS[exercise]
    params = groups(cell, INPUTS, UNITS, 1.2)
    shape = (1, UNITS)
    now = dict.fromkeys(cell.states, torch.zeros(shape, dtype=torch.float64))
    rows: dict[str, list[torch.Tensor]] = {gate.sign: [] for gate in cell.gates}
    missing: dict[str, Sentence] = {}
    for X in waves():
        now["X"] = X
        for gate in cell.gates:
            key, arguments = f"{exercise}.{gate.function}", _arguments(gate, now, params)
            value = None
            if gate.sign not in missing:
                try:
                    value = asker.tensor(key, arguments, shape)
                except Unavailable as why:
                    if instead is None or why.sentence.name == "html.no_time":
                        raise
                    missing[gate.sign] = why.sentence
            if value is None and instead is not None:
                value = instead.tensor(key, arguments, shape)
            assert value is not None
            now[gate.sign] = value
            rows[gate.sign].append(value[0])
    whole = {sign: torch.stack(row, dim=1) for sign, row in rows.items() if sign not in missing}
    assert all(len(row) == STEPS for row in rows.values())
    return whole, missing


def _arguments(
    gate: Gate, now: dict[str, torch.Tensor], params: dict[str, list[torch.Tensor]]
) -> dict[str, torch.Tensor]:
    """The arguments of one gate at one step, in order; their names are for nobody."""
    values: list[torch.Tensor] = []
    for name in gate.takes:
        values += params[name[1:]] if name.startswith("*") else [now[name]]
    return {f"#{index}": value for index, value in enumerate(values, 1)}
