"""Whole reports, as a student sees them: one submission a folder, its report in both languages.

After a change of words, write them anew and read what has changed:

    python -m tests.kit.test_situations
"""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from grader import catalog as catalogs
from grader.checking.session import Engine
from grader.locale import Texts
from grader.report.build import build_report
from grader.report.terminal import Terminal

SITUATIONS = sorted(p for p in (Path(__file__).parent / "situations").iterdir() if p.is_dir())
SEED = 2026


def reports(engine: Engine, folder: Path) -> dict[str, str]:
    """The terminal's report on a submission in each language, without times and layers."""
    wanted = [name for name in catalogs.load().names if (folder / f"{name}.py").exists()]
    graded = engine.grade(folder, wanted or None, SEED, diagnosed=True)
    graded.layers = ["landlock", "seccomp", "rlimits"]
    found = {}
    for language in ("en", "zh"):
        texts = Texts(language)
        console = Console(file=io.StringIO(), width=100, highlight=False)
        report = build_report(graded, "work", SEED, "cpu", 1.0, texts)
        Terminal(console, texts, "work", wanted, SEED).show(graded, report)
        lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
        found[language] = "\n".join(lines) + "\n"
    return found


@pytest.mark.parametrize("folder", SITUATIONS, ids=lambda p: p.name)
def test_the_report_is_the_one_that_was_read(engine, folder):
    """The whole report, in English and in Chinese, is word for word the one on record."""
    for language, report in reports(engine, folder).items():
        assert report == (folder / f"report.{language}.txt").read_text(encoding="utf-8")
        assert not re.search(r"/tmp|site-packages|Traceback", report)


if __name__ == "__main__":
    with Engine() as warm:
        for situation in SITUATIONS:
            for tongue, text in reports(warm, situation).items():
                (situation / f"report.{tongue}.txt").write_text(text, encoding="utf-8")
