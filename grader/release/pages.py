"""Files that students get in another form: pages, the Makefile, rows and functions of checks.

What the course keeps must not be spoken of: a link to it becomes plain text, a sentence that tells
to run it goes, and so does its row in a table. Hidden checks go with their functions.
"""

import ast
import functools
import posixpath
import re
from collections.abc import Callable, Collection

from grader.arguments import UsageProblem
from grader.catalog import tomllib
from grader.release.sources import COMMANDS, VERBS

SECTIONS = (  # of the READMEs, for teachers
    *("Who checks the checks?", "How fast is it?", "A course's edition"),
    *("谁来检查检查？", "谁来检查这些检查？", "有多快？", "课程版与学生版"),
)
OTHERS = (
    "docs.figures",
    "docs.examples",
    "tests/kit",
    "matplotlib",
    "For teachers:",
    "教师：",
    "教师用",
)
HEADER = "of this edition. The first `make grade` sets"  # in place of the kit's, in the Makefile
KIT_HEADER = "for students and for the kit itself. The first `make grade` or `make test` sets"
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)]*)?\)")
_SENTENCE = re.compile(r"(?<=[.;])\s+|(?<=[。；])")


def makefile(text: str) -> str:
    """The Makefile with students' verbs alone."""
    text = text.replace(KIT_HEADER, HEADER).replace(" from the solutions\n", "\n")
    blocks = []
    for block in text.split("\n\n"):
        lines = [_phony(line) for line in block.split("\n") if not _is_empty_phony(line)]
        found = re.search(r"^([a-z-]+):.*##", block, re.M)
        if not found or found[1] in VERBS:
            blocks.append("\n".join(lines))
    for name, use in (("BENCH :=", "$(BENCH)"), ("$(VENV)/.ready-dev:", "ready-dev")):
        rest = [block for block in blocks if name not in block]
        if not any(use in block for block in rest):
            blocks = rest
    return "\n\n".join(blocks).rstrip("\n") + "\n"


def _phony(line: str) -> str:
    if not line.startswith(".PHONY:"):
        return line
    return " ".join([".PHONY:", *(word for word in line.split()[1:] if word in VERBS)])


def _is_empty_phony(line: str) -> bool:
    return line.startswith(".PHONY:") and _phony(line) == ".PHONY:"


def page(text: str, path: str, present: Collection[str]) -> str:
    """A Markdown page for students.

    Args:
        path: where it stands, as "docs/gru.md".
        present: the files that students get.
    """
    text = _listed(text, path, present)
    if posixpath.basename(path).startswith("README"):
        text = _readme(
            _without_sections(text), functools.partial(_goes, path=path, present=present)
        )
    return _LINK.sub(lambda link: _link(link, path, present), text)


def _readme(text: str, goes: Callable[[str], bool]) -> str:
    """An overview without the lines and sentences about what students don't have."""
    blocks = re.split(r"(\n```.*?\n```|\A```.*?\n```)", text, flags=re.S)
    written = []
    for block in blocks:
        if block.lstrip("\n").startswith("```"):
            written.append(_lines(block, _is_absent))
        else:
            written.append("\n\n".join(_paragraph(p, goes) for p in block.split("\n\n")))
    return re.sub(r"\n{3,}", "\n\n", "".join(written))


def _without_sections(text: str) -> str:
    parts = re.split(r"(?m)^(?=## )", text)
    return "".join(
        part for part in parts if part.split("\n")[0].removeprefix("## ").strip() not in SECTIONS
    )


def _goes(text: str, path: str, present: Collection[str]) -> bool:
    """Whether a text is not for students, or leads to a page that they don't have."""
    links = _LINK.findall(text)
    return _is_absent(text) or any(not _leads(link[2], path, present) for link in links)


def _lines(block: str, goes: Callable[[str], bool]) -> str:
    return "\n".join(line for line in block.split("\n") if not goes(line))


def _paragraph(paragraph: str, goes: Callable[[str], bool]) -> str:
    """A table without the rows, or a text without the sentences, that are not for students."""
    if not goes(paragraph):
        return paragraph
    if paragraph.lstrip("\n").startswith(("|", "- ", "* ")):
        return _lines(paragraph, goes)
    sentences = _SENTENCE.split(paragraph)
    chinese = bool(re.search("[\u4e00-\u9fff]", paragraph))
    kept = ("" if chinese else " ").join(s for s in sentences if not goes(s)).rstrip(" \n")
    return re.sub("[;；]$", "。" if chinese else ".", kept)


def _is_absent(text: str) -> bool:
    """Whether a text tells to run what students don't have, or is about it."""
    verbs = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", text, re.M)
    commands = re.findall(r"python -m grader(?:\.([a-z]+)| ([a-z]+))", text)
    return (
        any((one or other) not in VERBS for one, other in verbs)
        or any((one or other) not in COMMANDS for one, other in commands)
        or any(word in text for word in OTHERS)
    )


def _listed(text: str, path: str, present: Collection[str]) -> str:
    """Lines of links between dots lose those that lead nowhere; so do rows of a table."""
    lines = []
    for line in text.split("\n"):
        links = _LINK.findall(line)
        dead = [link for link in links if not _leads(link[2], path, present)]
        if dead and line.startswith("| ["):
            continue
        if dead and " · " in line:
            items = line.split(" · ")
            kept = [i for i in items if not any(f"]({link[2]}" in i for link in dead)]
            line = " · ".join(kept)
        lines.append(line)
    return "\n".join(lines)


def _leads(target: str, path: str, present: Collection[str]) -> bool:
    if "://" in target:
        return True
    goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return goal in present or any(name.startswith(f"{goal}/") for name in present)


def _link(link: re.Match, path: str, present: Collection[str]) -> str:
    if _leads(link[3], path, present):
        return link[0]
    return "" if link[1] else link[2]


def rows(text: str, exercise: str, hidden: Collection[str]) -> str:
    """A TOML file of checks without its hidden rows.

    Raises:
        UsageProblem: if a hidden row takes more than one line.
    """
    kept, function = [], ""
    for line in text.split("\n"):
        head = re.match(r"\[([A-Za-z_0-9]+)\]", line)
        function = head[1] if head else function
        name = line.partition("=")[0].strip()
        if f"{exercise}.{function}.{name}" not in hidden:
            kept.append(line)
    found = "\n".join(kept)
    wanted = {
        function: {
            n: row for n, row in checks.items() if f"{exercise}.{function}.{n}" not in hidden
        }
        for function, checks in tomllib.loads(text).items()
    }
    if tomllib.loads(found) != wanted:
        raise UsageProblem("release_rows", path=f"tests/checks/check_{exercise}.toml")
    return found


def checks(source: str, path: str, exercise: str, hidden: Collection[str]) -> str:
    """A file of checks without the functions of hidden ones, and without what only these use.

    Raises:
        UsageProblem: if it imports what students don't have.
    """
    own = {"check_" + "_".join(i.split(".")[1:]) for i in hidden if i.startswith(f"{exercise}.")}
    source = _without(source, lambda name, tree: name in own)
    while True:
        shorter = _without(source, _is_unused)
        if shorter == source:
            break
        source = shorter
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            if name.split(".")[0] == "solutions" or name.startswith("tests.checks.reference_"):
                raise UsageProblem("release_imports", path=path, name=name)
    return source


def _is_unused(name: str, tree: ast.Module) -> bool:
    """Whether a private function is named nowhere else."""
    if not name.startswith("_"):
        return False
    uses = (n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    return name not in uses


def _without(source: str, goes: Callable[[str, ast.Module], bool]) -> str:
    tree = ast.parse(source)
    lines = source.split("\n")
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and goes(node.name, tree):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            last = node.end_lineno or node.lineno
            while last < len(lines) and not lines[last].strip():
                last += 1
            del lines[first - 1 : last]
    return "\n".join(lines).rstrip("\n") + "\n"
