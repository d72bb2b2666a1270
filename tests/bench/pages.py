"""Puts the measured ratios into docs/benchmarks.md, README.md and their Chinese pages.

    make bench-ratios ARGS="--json docs/figures/benchmarks.json"
    python -m tests.bench.pages && python -m docs.figures benchmarks

Each table stands between two comments that name it; what is between them is replaced.
"""

import datetime
import re

import torch

from grader.sandbox.client import ROOT
from tests.bench import ratios

DOCS = ROOT / "docs"
ROWS = DOCS / "figures" / "benchmarks.json"
IN_README = (  # of the rows about the kit
    "grade gru, the solution",
    "grade all, the stubs",
    "grade all, the solutions",
    "checks of all, isolated",
)
WORDS = {  # of the tables, in this order: English to Chinese
    "against": "基准",
    "ratio": "比值",
    "device": "设备",
    "forward+backward": "前向加反向",
    "forward": "前向",
    "one call of ": "问一次 ",
    " with gradients": "（含梯度）",
    "the sandbox, up to its first worker": "沙箱启动，直到第一个工作进程就绪",
    "import torch, pytest and hypothesis": "导入 torch、pytest、hypothesis",
    "import torch": "导入 torch",
    "grade gru, the solution": "评 gru（参考答案）",
    "grade all, the solutions": "评全部练习（参考答案）",
    "grade all, the stubs": "评全部练习（未动的空白练习）",
    "checks of all": "全部练习的检查",
    "checks of ": "检查：",
    ", isolated": "，隔离",
    ", plain": "，直接调用",
    "in process": "同进程",
}


def tables(rows: list[ratios.Row]) -> dict[str, str]:
    """The Markdown of both tables, by the name that stands in the pages."""
    networks = [row for row in rows if "contender" in row.labels]
    kit = [row for row in rows if "what" in row.labels]
    today = f"{datetime.date.today():%Y-%m-%d}, torch {torch.__version__.partition('+')[0]}"
    return {
        "measured": today,
        "networks": "\n".join(ratios.network_table(networks)),
        "kit": "\n".join(ratios.kit_table(kit)),
        "speed": "\n".join(
            ratios.kit_table([row for row in kit if row.labels["what"] in IN_README])
        ),
    }


def in_chinese(table: str) -> str:
    """A table with its words in Chinese."""
    for english, chinese in WORDS.items():
        table = table.replace(english, chinese)
    return table


def filled(page: str, parts: dict[str, str]) -> str:
    """``page`` with every part between its two comments.

    Raises:
        ValueError: if the page does not name a part exactly once.
    """
    for name, text in parts.items():
        space = "\n" if "\n" in text else ""
        new = f"<!-- {name} -->{space}{text}{space}<!-- /{name} -->"
        pattern = f"<!-- {name} -->.*?<!-- /{name} -->"
        page, count = re.subn(pattern, lambda _, new=new: new, page, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"{name} stands {count} times in the page")
    return page


def main() -> None:
    """Renew the pages from the saved rows."""
    parts = tables(ratios.load(ROWS))
    for ending, words in (("md", parts), ("zh.md", {k: in_chinese(v) for k, v in parts.items()})):
        speed = {"speed": words.pop("speed")}
        for path, own in (
            (DOCS / f"benchmarks.{ending}", words),
            (ROOT / f"README.{ending}", speed),
        ):
            path.write_text(filled(path.read_text(encoding="utf-8"), own), encoding="utf-8")


if __name__ == "__main__":
    main()
