"""Misconceptions: wrong versions of the exercises' functions, as learners really write them.

Each is a small function with a name, a sentence that says which mistake it is, and a hint. They
prove the checks (a submission with one of them must lose points), and they diagnose students: the
wrong function is run beside the reference, on the trusted side.

    @wrong("reset_gate", "update_gate", en="The bias is missing.", zh=..., hint_en=..., hint_zh=...)
    def bias_missing(X, H, W_x, W_h, b):
        return torch.sigmoid(X @ W_x + H @ W_h)

registers "gru.reset_gate.bias_missing" and "gru.update_gate.bias_missing" if it stands in the
module or package ``gru``. What serves several exercises names them: ``@wrong("lstm.forget_gate")``.
One mistake may come in several forms that answer differently (``also``): they share one text.

A wrong function may use ``math``, ``random``, ``np``, ``torch``, ``nn``, ``F`` (torch's
functional) and whatever the solution's module defines or imports; nothing else, and not itself.
"""

import ast
import builtins
import dataclasses
import functools
import importlib
import importlib.util
import inspect
import pkgutil
import re
import symtable
import textwrap
from collections.abc import Callable, Mapping

from grader.misconceptions import habits

IMPORTS = {
    "math": "import math",
    "random": "import random",
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
}

_registry: dict[str, "Misconception"] = {}


@dataclasses.dataclass(frozen=True, eq=False)
class Misconception:
    """A wrong version of one function of an exercise.

    Attributes:
        exercise, function: what it is a wrong version of.
        name: the mistake's name.
        source: the function's definition, without decorator, called ``function``.
        text: "en" and "zh": which mistake it is.
        hint: "en" and "zh": leads to the right version without giving it away.
    """

    exercise: str
    function: str
    name: str
    source: str
    text: Mapping[str, str]
    hint: Mapping[str, str]

    @property
    def id(self) -> str:
        """As "gru.update_gate.bias_missing"."""
        return f"{self.exercise}.{self.function}.{self.name}"

    @property
    def call(self) -> Callable:
        """The wrong function, among the solution's other functions.

        A new one at each access: what one of them remembers between calls, the next does not.
        """
        solution = importlib.import_module(f"solutions.{self.exercise}")
        namespace = dict(vars(solution))
        code = [*_missing_imports(self, set(namespace)), self.source]
        exec(compile("\n".join(code), f"<{self.id}>", "exec"), namespace)
        return namespace[self.function]

    @functools.cached_property
    def remembers(self) -> bool:
        """Whether it may keep something from one call to the next."""
        return any(map(habits.keeps, ast.walk(ast.parse(self.source))))

    @functools.cached_property
    def endless(self) -> bool:
        """Whether it may go on for ever: who reads all that it gives would never return."""
        return any(map(habits.never_ends, ast.walk(ast.parse(self.source))))

    def __str__(self) -> str:
        return self.id


def wrong(
    *functions: str,
    en: str,
    zh: str,
    hint_en: str,
    hint_zh: str,
    let: Mapping[str, Mapping[str, str]] | None = None,
    also: Mapping[str, Mapping[str, str]] | None = None,
) -> Callable[[Callable], Callable]:
    """Decorator: register a wrong version of each of ``functions``; its name is the mistake's.

    Args:
        functions: "update_gate", of the exercise that the module or package is called after, or
            "gru.update_gate".
        en, zh: which mistake it is; ``{function}`` and the names in ``let`` are filled in.
        hint_en, hint_zh: a hint, filled in likewise.
        let: for each of ``functions``, pieces of the code (whole names or statements) and what
            stands in their place there: ``{"gru.reset_gate": {"W_x": "W_xr"}}``.
        also: other forms of the same mistake: what is added to its name, and pieces of the code
            with what stands in their place: ``{"_stacked": {"outputs": "torch.stack(outputs)"}}``.

    Raises:
        ValueError: if a text is empty or can't be filled in, or the mistake is known already.
    """

    def register(function: Callable) -> Callable:
        if not functions:
            raise ValueError(f"{function.__name__}: name in @wrong(...) what it is wrong for")
        for target in functions:
            home = function.__module__.removeprefix(f"{__name__}.").split(".")[0]
            exercise, _, name = target.rpartition(".")
            here = (let or {}).get(target, {})
            known = {**here, "function": name}
            for suffix, form in {"": {}, **(also or {})}.items():
                _add(
                    Misconception(
                        exercise or home,
                        name,
                        function.__name__ + suffix,
                        _definition(function, name, {**form, **here}),
                        _filled({"en": en, "zh": zh}, known, function, "text"),
                        _filled({"en": hint_en, "zh": hint_zh}, known, function, "hint"),
                    )
                )
        return function

    return register


def misconceptions(exercise: str | None = None, function: str | None = None) -> list[Misconception]:
    """The registered misconceptions, by id; those of one exercise or function if asked for."""
    for module in [exercise] if exercise else _modules():
        if importlib.util.find_spec(f"{__name__}.{module}") is not None:
            importlib.import_module(f"{__name__}.{module}")
    chosen = [
        known
        for known in _registry.values()
        if exercise in (None, known.exercise) and function in (None, known.function)
    ]
    return sorted(chosen, key=lambda known: known.id)


def solution(exercise: str, function: str) -> Callable:
    """The right version of a function."""
    return getattr(importlib.import_module(f"solutions.{exercise}"), function)


def source_of(exercise: str, function: str) -> str:
    """The text of a function's right version."""
    return textwrap.dedent(inspect.getsource(solution(exercise, function)))


def submission_source(misconception: Misconception, solution_source: str) -> str:
    """The text of a submission file: the solution's, with the wrong function in its place.

    A class of the solution is replaced by a function that returns an instance of a wrong class.

    Raises:
        ValueError: if the solution does not define that function exactly once at its top level, or
            the wrong version uses a name that would be unknown there.
    """
    found = [
        node
        for node in ast.parse(solution_source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == misconception.function
    ]
    if len(found) != 1:
        raise ValueError(
            f"{misconception.id}: the solution defines {misconception.function} {len(found)} times "
            "at its top level; define it once, or correct the name in @wrong(...)"
        )
    first = min([found[0].lineno, *(node.lineno for node in found[0].decorator_list)])
    lines = solution_source.split("\n")
    lines[first - 1 : found[0].end_lineno] = misconception.source.split("\n")
    imports = _missing_imports(misconception, _bound(solution_source))
    return _with_imports("\n".join(lines), imports)


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(__path__)]


def _add(misconception: Misconception) -> None:
    if misconception.id in _registry:
        raise ValueError(
            f"{misconception.id} is registered twice; give one of the two functions another name"
        )
    _registry[misconception.id] = misconception


def _filled(
    texts: Mapping[str, str], known: Mapping[str, str], function: Callable, kind: str
) -> dict[str, str]:
    for language, text in texts.items():
        if not text.strip():
            raise ValueError(
                f"{function.__name__}: its {kind} in {language} is empty; write one sentence"
            )
    try:
        return {language: text.format_map(known) for language, text in texts.items()}
    except (KeyError, ValueError, IndexError) as error:
        raise ValueError(
            f"{function.__name__}: its {kind} has a field that can't be filled in ({error}); "
            f"use {', '.join(known)}, and write a brace itself twice"
        ) from None


def _definition(function: Callable, name: str, let: Mapping[str, str]) -> str:
    """The function's ``def`` as text: no decorator, dedented, renamed, ``let`` put in."""
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    text = "\n".join(source.split("\n")[node.lineno - 1 : node.end_lineno])
    for old, new in let.items():
        text = _replaced(text, old, new)
    return re.sub(rf"\Adef\s+{function.__name__}\b", f"def {name}", text)


def _replaced(text: str, old: str, new: str) -> str:
    """``new`` for every whole ``old``, further lines of ``new`` indented as the first."""

    def put(match: re.Match) -> str:
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        indent = line[: len(line) - len(line.lstrip())]
        return new.replace("\n", f"\n{indent}")

    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", put, text)


def _missing_imports(misconception: Misconception, bound: set[str]) -> list[str]:
    missing = sorted(_free(misconception.source) - bound - set(dir(builtins)))
    unknown = [name for name in missing if name not in IMPORTS]
    if unknown:
        raise ValueError(
            f"{misconception.id} uses {', '.join(unknown)}, which the solution's module does not "
            f"define; use only its names and {', '.join(IMPORTS)}"
        )
    return [IMPORTS[name] for name in missing]


def _free(source: str) -> set[str]:
    """The global names that a definition uses."""
    top = symtable.symtable(source, "<misconception>", "exec")
    tables, names = [top], {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if table is not top:
            names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return names


def _bound(source: str) -> set[str]:
    """The names that a module defines or imports at its top level."""
    symbols = symtable.symtable(source, "<solution>", "exec").get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _with_imports(source: str, imports: list[str]) -> str:
    """The module with imports put in after its docstring and its ``__future__`` imports."""
    if not imports:
        return source
    head = 0
    for node in ast.parse(source).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (docstring or future):
            break
        head = node.end_lineno or 0
    lines = source.split("\n")
    lines[head:head] = ["", *imports] if head else imports
    return "\n".join(lines)
