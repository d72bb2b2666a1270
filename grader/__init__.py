"""gatecheck: an auto-graded exercise kit for recurrent networks in PyTorch."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext grader``: ``grade("gru")`` and ``%%exercise gru`` in a notebook."""
    from grader.notebook import extension

    extension.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext grader``."""
    from grader.notebook import extension

    extension.unload(shell)
