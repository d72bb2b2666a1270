"""Puts what was measured of batches into docs/batch.md and its Chinese page, as tables.

make bench-batch ARGS="--json docs/figures/batch.json"
python -m tests.bench.batch_pages && python -m docs.figures batch
"""

import datetime
import json

from grader.sandbox.client import ROOT
from tests.bench.pages import DOCS, filled

ROWS = ROOT / "docs" / "figures" / "batch.json"
MEMORY = {
    "first": "first process",
    "grading": "a grading process",
    "tree": "with its template and workers",
}
WORDS = {
    "submissions a minute": "份/分钟",
    "a batch is": "批量评分是它的",
    "way": "方式",
    "cores": "核",
    "graded": "评什么",
    "everything": "全部练习",
    "loop of make grade": "循环执行 make grade",
    "plain pytest": "直接用 pytest，不隔离",
    "batch": "批量评分",
    "first process": "第一个进程",
    "a grading process": "评分进程",
    "with its template and workers": "连同模板进程和工作进程",
    "submissions": "提交",
    "late / early": "后段/前段",
}


def tables(rows: list[dict]) -> dict[str, str]:
    """Markdown by the name that stands in the pages; only what was measured."""
    made = {}
    speed = [row for row in rows if row["kind"] == "speed"]
    if speed:
        made["speed"] = "\n".join(
            [
                "| graded | cores | way | submissions a minute | a batch is |",
                "|---|---|---|---|---|",
                *map(_speed, speed),
            ]
        )
    memory = [row for row in rows if row["kind"] == "memory"]
    if memory:
        early, late = memory
        held = [each for each in MEMORY if each in early]
        table = [
            ["submissions", *(MEMORY[each] for each in held)],
            ["---"] * (len(held) + 1),
            *([f"{row['from']}–{row['to']}", *(f"{row[e]:.0f}" for e in held)] for row in memory),
            ["late / early", *(f"{late[each] / early[each]:.3f}" for each in held)],
        ]
        made["memory"] = "\n".join("| " + " | ".join(line) + " |" for line in table)
    return {**made, **_numbers(rows)}


def _speed(row: dict) -> str:
    start = f"| {row['scope']} | {row['cores']} | {row['way']} | {row['rate']:.1f} |"
    if row["way"] == "batch":
        return f"{start} 1 |"
    return f"{start} {row['ratio']:.2f} × ({row['low']:.2f}–{row['high']:.2f}) |"


def _numbers(rows: list[dict]) -> dict[str, str]:
    """Single numbers within sentences."""
    made = {}
    line = [row for row in rows if row["kind"] == "line"]
    if line:
        half = line[len(line) // 2 - 1]
        rest = (line[-1]["seconds"] - half["seconds"]) / (line[-1]["count"] - half["count"])
        made["halves"] = f"{rest / (half['seconds'] / half['count']):.2f}"
    for row in rows:
        if row["kind"] == "hostile":
            made["hostile"] = f"{row['each']:.1f} s"
    return made


def in_chinese(text: str) -> str:
    """A table with its words in Chinese, the longest first."""
    for english in sorted(WORDS, key=len, reverse=True):
        text = text.replace(english, WORDS[english])
    return text


def main() -> None:
    """Renew the pages from the saved rows."""
    parts = tables(json.loads(ROWS.read_text()))
    parts["measured"] = f"{datetime.date.today():%Y-%m-%d}"
    for ending, own in (("md", parts), ("zh.md", {k: in_chinese(v) for k, v in parts.items()})):
        path = DOCS / f"batch.{ending}"
        path.write_text(filled(path.read_text(encoding="utf-8"), own), encoding="utf-8")


if __name__ == "__main__":
    main()
