"""``%load_ext grader``: grade the notebook's code from within the notebook.

Cells are remembered as they are run. ``grade("gru")`` writes them down and starts the command line
in a process of its own, so whatever the kernel has done to torch, or to this module, is not there:
the report is the one that ``make grade`` gives.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError

from grader.catalog import ROOT
from grader.catalog import load as load_catalog
from grader.locale import LANGUAGES, Texts, default_language
from grader.notebook.cells import Cell, mark_of
from grader.notebook.importing import Exercises
from grader.notebook.page import Page
from grader.notebook.scanning import lines_of, without_magics
from grader.notebook.session import Session, has_files, to_notebook
from grader.report.commands import FROM_NOTEBOOK

WIDTH = 100  # of the text, where it has no terminal to fit into
END_S = 5.0  # for the command line to clean up after an interrupt
COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
_loaded: dict[int, "Extension"] = {}


class Extension:
    """The extension of one shell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.names = load_catalog().names
        self.session = Session(self.names)
        self.imports = Exercises(self._sources)
        self.given = {"grade": self.grade}  # to the notebook
        self._before: list[Cell] = []  # the session as it was before the cell that is running
        self._failed = False  # whether the inside of %%exercise did

    def start(self) -> None:
        """Remember what was run so far, and from now on what is run."""
        for prompt, source in enumerate(self.shell.history_manager.input_hist_raw):
            with contextlib.suppress(SyntaxError, ValueError):  # it never ran
                compile("\n".join(without_magics(lines_of(source))), "", "exec")
                self.session.ran(source, prompt)
        self.shell.events.register("pre_run_cell", self.running)
        self.shell.events.register("post_run_cell", self.ran)
        self.shell.register_magic_function(self.exercise, "cell", "exercise")
        self.shell.push(self.given)
        sys.meta_path.append(self.imports)

    def stop(self) -> None:
        """Leave the shell as it was."""
        self.shell.events.unregister("pre_run_cell", self.running)
        self.shell.events.unregister("post_run_cell", self.ran)
        self.shell.magics_manager.magics["cell"].pop("exercise", None)
        self.shell.drop_by_id(self.given)
        sys.meta_path.remove(self.imports)

    def running(self, info: Any) -> None:
        """A cell is about to run: its code counts already, for it may call ``grade`` itself."""
        if not getattr(info, "store_history", True):
            return  # an editor's own, or the inside of %%exercise
        self._before, self._failed = list(self.session.cells), False
        source, identity = info.raw_cell, getattr(info, "cell_id", None) or ""
        prompt = len(self.shell.history_manager.input_hist_raw)  # what it will be, in all versions
        self.session.ran(source, prompt, str(identity))
        if mark_of(source)[0]:
            self.imports.forget()

    def ran(self, result: Any) -> None:
        """A cell has been run; one that failed, and can't be told from others, is forgotten."""
        info = result.info
        if not getattr(info, "store_history", True):
            self._failed = not result.success
            return
        self.session.numbered(info.raw_cell, result.execution_count or 0)
        known = getattr(info, "cell_id", None) and mark_of(info.raw_cell)[0]
        if not known and (self._failed or not result.success):
            self.session.cells = self._before

    def exercise(self, line: str, cell: str) -> None:
        """%%exercise NAME: run this cell, which belongs to the exercise NAME, and remember it."""
        name = line.strip()
        if name not in self.names:
            texts = Texts(default_language())
            raise UsageError(
                texts.say("notebook.unknown", name=name or "''", names=", ".join(self.names))
            )
        self.shell.run_cell(cell, store_history=False)

    def grade(
        self,
        *exercises: str,
        lang: str | None = None,
        hints: int | None = None,
        seed: int | None = None,
        device: str | None = None,
        timing: bool = True,
        submission: str | None = None,
    ) -> Page:
        """Grade the code of these exercises as it stands in this notebook; of all without any.

        Args:
            lang: "en" or "zh"; by default that of the locale.
            hints: how much help, 0 to 3.
            seed: of all drawn inputs.
            device: where the code computes.
            timing: whether clocks are looked at.
            submission: grade this folder, or notebook, and not what is in this session.

        Returns:
            the report, which a notebook shows.
        """
        language = lang or default_language()
        texts = Texts(language if language in LANGUAGES else "en")
        options = {"--lang": lang, "--hints": hints, "--seed": seed, "--device": device}
        words = [word for name, value in options.items() if value is not None
                 for word in (name, str(value))]  # fmt: skip
        words += [] if timing else ["--no-timing"]
        with tempfile.TemporaryDirectory(prefix="gatecheck-session-") as folder:
            if submission is None:
                words += self._handed_in(Path(folder), texts)
            else:
                words += ["--submission", submission]
            try:
                content, text = _run([*exercises, *words])
            except KeyboardInterrupt:
                raise UsageError(texts.say("cli.interrupted")) from None
        if not content:
            raise UsageError(_last_line(text).removeprefix("gatecheck").lstrip(":： "))
        return Page(json.loads(content), text, texts)

    def _base(self) -> Path | None:
        """The folder that holds what a session lacks; None outside of the project."""
        here = Path.cwd()
        if here != ROOT and ROOT not in here.parents:
            return None
        return here if has_files(here, self.names) else ROOT / "exercises"

    def _handed_in(self, folder: Path, texts: Texts) -> list[str]:
        base = self._base()
        if base is None:
            raise UsageError(texts.say("notebook.elsewhere", here=Path.cwd(), project=ROOT))
        words = ["--submission", os.path.relpath(base)]
        handed_in = self.session.handed_in(Path.cwd(), base)
        if handed_in:
            path = folder / "session.ipynb"
            path.write_bytes(to_notebook(handed_in))
            words += ["--session", str(path)]
        return words

    def _sources(self) -> tuple[Path, dict[str, Any]]:
        """For imports in the kernel: the folder of the files, and the cells that go before them."""
        base = self._base() or ROOT / "exercises"
        return base, self.session.handed_in(Path.cwd(), base)


def _run(words: list[str]) -> tuple[bytes, str]:
    """The command line's JSON report (empty if there is none) and its text."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {
        **{name: value for name, value in os.environ.items() if name not in COLOURS},
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONSAFEPATH": "1",
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": str(shutil.get_terminal_size((WIDTH, 0)).columns),
        "NO_COLOR": "1",
        FROM_NOTEBOOK: "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", *words, "--json", "-"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    try:
        content, text = process.communicate()
    except BaseException:  # the kernel was interrupted
        with contextlib.suppress(OSError):
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    lines = text.decode("utf-8", "replace").rstrip().split("\n")
    return content, "\n".join(line.rstrip() for line in lines)


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]


def load(shell: Any) -> None:
    """Add the extension to a shell, once."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = Extension(shell)
        _loaded[id(shell)].start()


def unload(shell: Any) -> None:
    """Take it away again."""
    extension = _loaded.pop(id(shell), None)
    if extension is not None:
        extension.stop()
