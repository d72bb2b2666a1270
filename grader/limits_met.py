"""How a call that met a limit is told from others: one finding, whichever limit came first.

A loop that never ends and builds a graph runs out of time on a slow machine and out of memory on a
fast one. So an exception that says that memory, threads or files ran out is not the submission's
error but a limit, like the clocks' verdict (``sandbox/client.py``), and what differs from run to
run, which limit it was, where and what was printed until then, is left out. A submission that
raises such an exception itself wins nothing: it loses the same points as for any other.
"""

import dataclasses
from typing import Any

from grader.findings import Call, Finding
from grader.sandbox import limits, wire

CALL, LOAD, DEADLINE = "limit", "load_limit", "deadline"
_TYPES = ("MemoryError", "OutOfMemoryError")  # and numpy's _ArrayMemoryError
_WORDS = (
    "can't allocate memory",  # torch's allocator, and malloc's callers
    "cannot allocate memory",
    "not enough memory",
    "out of memory",
    "bad_alloc",
    "bad allocation",
    "too many open files",
    "file too large",
)
_THREADS = ("can't start new thread", "resource temporarily unavailable")
_SAY_SO = ("RuntimeError", "OSError", "SystemError", "ImportError", "BlockingIOError")


def raised(error: wire.RaisedError, threads: bool = True) -> bool:
    """Whether an exception says that memory, threads, or files ran out.

    Args:
        threads: whether the submission may start any; if not, that is no limit.
    """
    if error.type.endswith(_TYPES):
        return True
    text = error.message.lower()
    words = (*_WORDS, *_THREADS) if threads else _WORDS
    return error.type in _SAY_SO and any(phrase in text for phrase in words)


def of_call(function: str, call: Call | None, allowed: limits.Allowance) -> Finding:
    """The finding on a call that met a limit; the function is not asked again."""
    if call is not None:
        call = dataclasses.replace(call, printed=b"", dropped=0)
    return Finding(CALL, {"function": function, **_fields(allowed)}, status="timeout", call=call)


def of_load(file: str) -> Finding:
    """The finding on a file whose import met a limit."""
    fields = {"file": file, **_fields(limits.LOAD)}
    return Finding(LOAD, fields, status="timeout", of_file=True)


def of_run(seconds: float) -> Finding:
    """The finding on everything that is left when the run's time is up."""
    return Finding(DEADLINE, {"seconds": f"{seconds:g}"}, status="timeout")


def _fields(allowed: limits.Allowance) -> dict[str, Any]:
    return {
        "cpu": f"{allowed.cpu_s:g}",
        "idle": f"{allowed.idle_s:g}",
        "memory": limits.ADDRESS_SPACE_BYTES // limits.MIB,
        "threads": limits.TASKS,
    }
