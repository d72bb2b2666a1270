"""Whole reports, as a student sees them: one submission a folder, its report in both languages.

After a change of words, write them anew and read what has changed:

    python -m tests.kit.test_situations
"""

import io
import platform
import re
from pathlib import Path

import pytest
import torch
from rich.console import Console

from grader import catalog as catalogs
from grader.checking.session import Engine
from grader.locale import Texts
from grader.report.build import build_report
from grader.report.terminal import Terminal

QUOTED = re.compile(  # a sentence that quotes an exception, up to the next row
    r"^  (?:Your code raised|\S+ can't be imported:|代码抛出|\S+ 无法导入：).*\n"
    r"(?:  (?!\w+  ).*\n)*",
    re.M,
)
RECORDED = {"python": "3.11", "torch": "2.13"}  # whose words the reports quote
SITUATIONS = sorted(p for p in (Path(__file__).parent / "situations").iterdir() if p.is_dir())
SEED = 2026


def reports(engine: Engine, folder: Path) -> dict[str, str]:
    """The terminal's report on a submission in each language, without times and layers."""
    wanted = [name for name in catalogs.load().names if (folder / f"{name}.py").exists()]
    graded = engine.grade(folder, wanted or None, SEED, diagnosed=True)
    graded.layers = ["landlock", "seccomp", "rlimits", "user"]
    found = {}
    for language in ("en", "zh"):
        texts = Texts(language)
        console = Console(file=io.StringIO(), width=100, highlight=False)
        report = build_report(graded, "work", SEED, "cpu", 1.0, texts)
        Terminal(console, texts, "work", wanted, SEED).show(graded, report)
        lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
        found[language] = "\n".join(lines) + "\n"
    return found


def comparable(report: str) -> str:
    """A report; with other versions, whose exceptions have other words, without these."""
    here = f"{platform.python_version()} {torch.__version__}".split()
    same = all(v.startswith(f"{k}.") for v, k in zip(here, RECORDED.values(), strict=True))
    return report if same else QUOTED.sub("", report)


@pytest.mark.parametrize("folder", SITUATIONS, ids=lambda p: p.name)
def test_the_report_is_the_one_that_was_read(engine, folder):
    """The whole report, in English and in Chinese, is word for word the one on record."""
    for language, report in reports(engine, folder).items():
        known = (folder / f"report.{language}.txt").read_text(encoding="utf-8")
        assert comparable(report) == comparable(known)
        assert not re.search(r"/tmp|site-packages|Traceback", report)


if __name__ == "__main__":
    with Engine() as warm:
        for situation in SITUATIONS:
            for tongue, text in reports(warm, situation).items():
                (situation / f"report.{tongue}.txt").write_text(text, encoding="utf-8")
