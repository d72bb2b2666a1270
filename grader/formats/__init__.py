"""Formats that other programs read: one module each, a pure function of the report.

``write(report, about)`` of a module gives the bytes of a file. ``report`` is the one model that all
writers share, ``about`` what else a format may want to say (``about.py``). No format imports torch.
"""

import importlib
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line asks which formats there are before anything else is imported
    from grader.formats.about import About
    from grader.report.model import Report

NAMES = (
    "json",
    "junit",
    "markdown",
    "html",
    "gradescope",
    "classroom50",
    "exercism",
    "prairielearn",
    "canvas",
    "moodle",
)


def known() -> list[str]:
    """The formats that can be written, without importing one."""
    return [name for name in NAMES if importlib.util.find_spec(f"{__name__}.{name}") is not None]


def writer(name: str) -> "Callable[[Report, About], bytes]":
    """The function that writes a format.

    Raises:
        KeyError: if there is no such format.
    """
    if name not in known():
        raise KeyError(name)
    return importlib.import_module(f"{__name__}.{name}").write
