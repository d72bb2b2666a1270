"""Ratios of times taken side by side, as Markdown tables: what the documentation quotes.

    make bench-ratios
    python -m tests.bench.ratios [--only networks|processes|calls|checks] [--rounds N] [--json FILE]

Contenders take turns within each round, and only times of one round are divided by each other
(``pairs.py``). ``--json docs/figures/benchmarks.json`` renews what the chart in docs/ draws.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from grader import catalog
from tests.bench import kit, networks, pairs

NETWORK_ROUNDS, CALL_ROUNDS, CHECK_ROUNDS, PROCESS_ROUNDS = 15, 31, 5, 5


@dataclasses.dataclass(frozen=True)
class Row:
    """One ratio and what it is of; the labels are what tables, files and charts sort by."""

    labels: dict[str, str | int]
    ratio: pairs.Ratio


def _text(r: pairs.Ratio) -> str:
    """The median and, in brackets, the quartiles."""
    return f"{_number(r.median)} ({_number(r.low)}–{_number(r.high)})"


def _number(value: float) -> str:
    """Two significant digits, or one decimal from 1 to 10, or a whole number."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def network_rows(rounds: int | None) -> list[Row]:
    """Every network, size, direction and device: each contender against the textbook's loop."""
    rows = []
    for device in networks.devices():
        for cell in networks.CELLS.values():
            for direction in networks.PASSES:
                for size in networks.SIZES:
                    rows += _cell_rows(cell, size, direction, device, rounds or NETWORK_ROUNDS)
    return rows


def _cell_rows(
    cell: networks.Cell, size: networks.Size, direction: str, device: str, rounds: int
) -> list[Row]:
    contenders = {
        name: pairs.calibrated(networks.prepared(cell, name, size, direction, device))
        for name in cell.contenders
    }
    found, _ = pairs.ratios(contenders, cell.name, rounds)
    place = {"device": device, "direction": direction, **dataclasses.asdict(size)}
    return [
        Row({"contender": name, "baseline": cell.name, **place}, ratio)
        for name, ratio in found.items()
    ]


def process_rows(rounds: int | None) -> list[Row]:
    """Fresh processes against one that only imports the libraries."""
    samples = {name: pairs.once(_running(command)) for name, command in kit.COMMANDS.items()}
    samples["the sandbox, up to its first worker"] = pairs.once(kit.sandbox)
    found, seconds = pairs.ratios(samples, kit.LIBRARIES, rounds or PROCESS_ROUNDS)
    for name, values in seconds.items():
        print(f"{name}: {min(values):.2f} s at best here", file=sys.stderr)
    return [Row(_what(name, kit.LIBRARIES), ratio) for name, ratio in found.items()]


def _what(above: str, below: str) -> dict[str, str | int]:
    return {"what": above, "against": below}


def _running(command: list[str]) -> Callable[[], None]:
    return lambda: kit.run(command)


def call_rows(rounds: int | None) -> list[Row]:
    """One call with gradients: asked in the sandbox, asked in process, and plainly called."""
    with kit.submissions() as sides:
        calls = kit.gate_calls(sides)
        samples = {way: pairs.calibrated(call) for way, call in calls.items()}
        found, _ = pairs.ratios(samples, "in process", rounds or CALL_ROUNDS)
    name = "one call of `gru.update_gate` with gradients"
    return [Row(_what(f"{name}, {way}", "in process"), ratio) for way, ratio in found.items()]


def check_rows(rounds: int | None) -> list[Row]:
    """The checks of each exercise and of all, isolated against in process."""
    wishes = {**{name: [name] for name in catalog.load().names}, "all": None}
    rows = []
    with kit.engines() as engines:
        for name, wanted in wishes.items():
            samples = {
                side: pairs.once(lambda e=engine, w=wanted: kit.grade(e, w))
                for side, engine in engines.items()
            }
            found, seconds = pairs.ratios(samples, "in process", rounds or CHECK_ROUNDS)
            best = ", ".join(f"{side} {min(values):.2f} s" for side, values in seconds.items())
            print(f"checks of {name}: {best} at best here", file=sys.stderr)
            what = _what(f"checks of {name}, isolated", "in process")
            rows.append(Row(what, found["isolated"]))
    return rows


def network_table(rows: list[Row]) -> list[str]:
    """Markdown: a line for each contender and size, a column for each direction."""
    lines = [f"| | n | h | T | device | {' | '.join(networks.PASSES)} |", "|---" * 7 + "|"]
    cells: dict[tuple, list[str]] = {}
    for row in rows:
        of = row.labels
        versus = f"`{of['contender']}` / `{of['baseline']}`"
        key = (versus, *(of[name] for name in ("n", "h", "T", "device")))
        cells.setdefault(key, []).append(_text(row.ratio))
    return lines + [f"| {' | '.join(map(str, [*key, *cells[key]]))} |" for key in sorted(cells)]


def kit_table(rows: list[Row]) -> list[str]:
    """Markdown: a line for each ratio."""
    lines = ["| | against | ratio |", "|---|---|---|"]
    return lines + [
        f"| {r.labels['what']} | {r.labels['against']} | {_text(r.ratio)} |" for r in rows
    ]


def save(rows: list[Row], path: Path) -> None:
    """The rows as JSON, to draw from or to compare with."""
    kept = [{**row.labels, **dataclasses.asdict(row.ratio)} for row in rows]
    for row in kept:
        row.update({key: round(v, 4) for key, v in row.items() if isinstance(v, float)})
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row) for row in kept)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def load(path: Path) -> list[Row]:
    """The rows that ``save`` wrote."""
    numbers = [field.name for field in dataclasses.fields(pairs.Ratio)]
    return [
        Row(row, pairs.Ratio(*(row.pop(name) for name in numbers)))
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]


PARTS = {
    "networks": (network_rows, network_table),
    "processes": (process_rows, kit_table),
    "calls": (call_rows, kit_table),
    "checks": (check_rows, kit_table),
}


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the tables, and save the rows if asked to."""
    parser = argparse.ArgumentParser(description="ratios of times taken side by side")
    parser.add_argument("--only", choices=tuple(PARTS))
    parser.add_argument("--rounds", type=int, help="samples of each contender")
    parser.add_argument("--json", type=Path, help="where the rows are saved")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    rows = []
    for title in [chosen.only] if chosen.only else PARTS:
        measure, table = PARTS[title]
        part = measure(chosen.rounds)
        print(*table(part), "", sep="\n", flush=True)
        rows += part
        if chosen.json:
            save(rows, chosen.json)
    print(f"torch {torch.__version__}, one thread; medians of paired ratios (and their quartiles)")


if __name__ == "__main__":
    main()
