"""The pages in docs/: one an exercise, in both languages, with a figure that a script draws."""

import re
import subprocess
import sys

import pytest

from grader import catalog as catalogs

DOCS = catalogs.ROOT / "docs"
NAMES = catalogs.load().names
PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["md", "zh.md"])
def test_every_exercise_has_its_page(name, ending):
    """A page has a figure, equations, further sections, and its place in the index."""
    text = (DOCS / f"{name}.{ending}").read_text(encoding="utf-8")
    assert f"figures/{name}.svg" in text and (DOCS / "figures" / f"{name}.svg").exists()
    assert "```" in text and text.count("\n## ") >= 3
    index = (DOCS / f"README.{ending}").read_text(encoding="utf-8")
    assert f"({name}.{ending})" in index


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_link_between_pages_is_dead(page):
    """Every relative link points at a file."""
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link


def test_the_figures_are_what_the_script_draws(tmp_path):
    """Drawing a figure again gives the file that is there, to the byte."""
    before = (DOCS / "figures" / "deep.svg").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "docs.figures", "deep"], cwd=catalogs.ROOT, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (DOCS / "figures" / "deep.svg").read_bytes() == before
