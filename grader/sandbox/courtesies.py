"""What people's files expect to be there, and what a worker has in its place.

``torch.compile`` would start a compiler's processes: here it gives the plain function back, whose
cost is counted as it is. A notebook's ``display`` and ``get_ipython()`` do nothing. matplotlib can
be imported although nothing can be written (it wants a folder for its caches), and shows nothing.
"""

import builtins
import logging
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn


def _compile(model: Any = None, **_: Any) -> Any:
    """As ``torch.compile``, called or as a decorator with or without options."""
    return model if model is not None else lambda function: function


def _compile_in_place(module: nn.Module, *_: Any, **__: Any) -> None:
    """As ``nn.Module.compile``: the module stays as it is."""


def _display(*_: Any, **__: Any) -> None:
    """As in a notebook, without anybody to look."""


class _Shell:
    """As the shell of a notebook: whatever it is asked to do, it does nothing."""

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("__"):
            raise AttributeError(name)
        return _display


def _shell() -> _Shell:
    """As ``get_ipython``."""
    return _Shell()


_make_folder = tempfile.mkdtemp


def _folder(suffix: Any = None, prefix: Any = None, dir: Any = None) -> Any:
    """As ``tempfile.mkdtemp``; matplotlib gets a folder that is there and can't be written."""
    try:
        return _make_folder(suffix, prefix, dir)
    except OSError:
        if prefix != "matplotlib-":
            raise
        return tempfile.gettempdir()


def install() -> None:
    """Put all of it in place, before a submission is read."""
    torch.compile = _compile
    nn.Module.compile = _compile_in_place  # type: ignore[method-assign, assignment]
    tempfile.mkdtemp = _folder
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns of what is meant to be so
    warnings.filterwarnings("ignore", message=".*is non-interactive.*")
    for name, value in (("display", _display), ("get_ipython", _shell)):
        setattr(builtins, name, value)


__all__ = ["install"]
