"""Which functions of the submission a call goes through: its own, and those of files it imports.

Asked once more with this watch on, a failing function shows what it called. A submission can hide
a call from it or invent one; neither earns a point, for what failed has failed.
"""

import functools
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from grader.sandbox import limits, loading

PACKAGE = "exercises"
UNWRAPPED = 8  # decorators and partials of one function that are looked through


class Watch:
    """Tells the name of each function of a submission when it is entered first.

    Args:
        folder: the submission's.
        asked: the function that is called from outside, as "gru.reset_gate". Code that it shares
            with others (a decorator's, a factory's) is its own.
        tell: is given "gru.reset_gate"; a function is named after the file that defines it.
    """

    def __init__(self, folder: str, asked: str, tell: Callable[[str], None]) -> None:
        self._folder = folder + os.sep
        self._asked = asked
        self._tell = tell
        self._seen: set[types.CodeType] = set()
        self._told: set[str] = set()

    def over(self, function: Callable, *arguments: Any) -> Any:
        """What the function returns for these arguments, watched."""
        sys.setprofile(self._event)
        try:
            return function(*arguments)
        finally:
            sys.setprofile(None)

    def _event(self, frame: types.FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or code in self._seen:
            return
        self._seen.add(code)
        if code.co_filename.startswith(self._folder):
            names = _names_of(code)
            for name in [] if self._asked in names else names:
                if name not in self._told and len(self._told) < limits.CALLED:
                    self._told.add(name)
                    self._tell(name)


def _names_of(code: types.CodeType) -> list[str]:
    """The names in its file that lead to this code: a function's, a method's class, a lambda's."""
    exercise = os.path.basename(code.co_filename).removesuffix(".py")
    module = sys.modules.get(f"{PACKAGE}.{exercise}")
    if module is None:
        return []
    own = [name for name, value in list(vars(module).items()) if _leads_to(value, code)]
    outline = getattr(code, "co_qualname", "<locals>")  # Python 3.11 and newer
    if "<" not in outline:  # behind a decorator that doesn't say what it wraps
        own.append(outline.split(".")[0])
    return [f"{exercise}.{name}" for name in dict.fromkeys(own)]


def _leads_to(value: Any, code: types.CodeType) -> bool:
    """Whether calling a module's attribute runs this code, as far as can be seen from outside."""
    for _ in range(UNWRAPPED):
        if isinstance(value, types.FunctionType):
            if value.__code__ is code:
                return True
            value = vars(value).get("__wrapped__")
        elif isinstance(value, functools.partial):
            value = value.func
        elif isinstance(value, type):
            return any(_is_code_of(member, code) for member in list(vars(value).values()))
        else:
            call = type(value).__dict__.get("__call__")
            return _is_code_of(call, code)
    return False


def _is_code_of(member: Any, code: types.CodeType) -> bool:
    return isinstance(member, types.FunctionType) and member.__code__ is code


def asked_in_vain(error: BaseException, exercise: str) -> list[str]:
    """The function that an exception says is not there, as "gru.reset_gate"; "parameters." a file.

    It would have been called, had it been there.
    """
    if isinstance(error, ModuleNotFoundError):
        package, _, name = str(error.name).partition(".")
        return [f"{name}."] if package == PACKAGE and name else []
    if isinstance(error, ImportError):
        package, _, home = str(error.name).partition(".")
        words = str(error.msg).split("'")
        wanted = words[1] if len(words) > 2 else ""
        return [f"{home}.{wanted}"] if package == PACKAGE and wanted else []
    if isinstance(error, AttributeError) and isinstance(error.obj, types.ModuleType):
        package, _, home = str(error.obj.__name__).partition(".")
        return [f"{home}.{error.name}"] if package == PACKAGE else []
    if isinstance(error, NameError):
        return [loading.missed.get(str(error.name), f"{exercise}.{error.name}")]
    return []
