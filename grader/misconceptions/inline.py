"""The known mistakes of helpers, inline: in the functions that use them.

People write a network as one loop in one function. Whatever can be wrong in ``reset_gate`` can be
wrong in a ``gru`` that computes its reset gate itself, and has the same effect as if it had called
a wrong ``reset_gate``. So nothing is written twice: a function's solution, the helpers that it
calls (and those that they call), and one helper's wrong version in its place.

"gru.reset_gate.bias_missing" becomes "gru.gru.reset_gate.bias_missing".
"""

import ast
import copy
import dataclasses
import functools
import types
from collections.abc import Callable, Iterable
from pathlib import Path

from grader import misconceptions as registry
from grader.misconceptions import IMPORTS, Misconception
from grader.misconceptions.places import where

SOLUTIONS = Path(registry.__file__).resolve().parents[2] / "solutions"
INDENT = " " * 4


@dataclasses.dataclass(frozen=True, eq=False)
class _Part:
    """One definition or assignment of a solution: where it stands, and its code."""

    exercise: str
    name: str
    node: ast.stmt
    imports: tuple[str, ...]

    @functools.cached_property
    def code(self) -> types.CodeType:
        module = ast.Module([self.node], [])
        return compile(ast.fix_missing_locations(module), f"<{self.exercise}.{self.name}>", "exec")


@dataclasses.dataclass(frozen=True, eq=False)
class Inline(Misconception):
    """A helper's mistake in the function that uses it."""

    helper: Misconception = dataclasses.field(kw_only=True)

    @property
    def remembers(self) -> bool:
        """Whether it may keep something from one call to the next."""
        return False

    @property
    def call(self) -> Callable:
        """The function with the helper's mistake; a new one at each access."""
        namespace: dict = {}
        for part in _with(self.exercise, self.function, self.helper):
            namespace.update(_imported(part.imports))
            exec(part.code, namespace)
        return namespace[self.function]


@functools.lru_cache(maxsize=256)
def _imported(lines: tuple[str, ...]) -> dict:
    namespace: dict = {}
    exec("\n".join(lines), namespace)
    del namespace["__builtins__"]
    return namespace


@functools.lru_cache(maxsize=256)
def inlined(exercise: str, function: str) -> tuple[Misconception, ...]:
    """The mistakes of all helpers of a function, by id."""
    found = []
    for part in _closure(exercise, function):
        if part.name == function:
            continue
        for known in registry.misconceptions(part.exercise, part.name):
            # what is done inside one call ends with it, or it never returns to be compared
            if not (known.remembers or known.endless):
                found.append(_inline(exercise, function, known))
    return tuple(sorted(found, key=lambda known: known.id))


def homes(exercise: str, functions: Iterable[str]) -> set[str]:
    """The exercises whose functions some functions of an exercise use, itself included."""
    return {part.exercise for name in functions for part in _closure(exercise, name)} | {exercise}


def _inline(exercise: str, function: str, known: Misconception) -> Inline:
    place = where(known.exercise, known.function)
    return Inline(
        exercise,
        function,
        f"{known.function}.{known.name}",
        "",
        {"en": f"{place['en']}: {known.text['en']}", "zh": f"{place['zh']}：{known.text['zh']}"},
        known.hint,
        helper=known,
    )


def alone(known: Misconception) -> str:
    """The text of a file that holds nothing but a function with a mistake, and imports.

    What the function's wrong version calls stands inside it.
    """
    if isinstance(known, Inline):
        parts = _with(known.exercise, known.function, known.helper)
    else:
        parts = _with(known.exercise, known.function, known)
    imports = sorted({line for part in parts for line in part.imports})
    whole = parts[-1].node
    assert isinstance(whole, ast.FunctionDef | ast.ClassDef)
    if isinstance(whole, ast.ClassDef):
        nodes: list[ast.stmt] = [part.node for part in parts]
    else:
        inside = [part.node for part in parts[:-1]]
        nodes = [_with_body(whole, [*inside, *whole.body])]
    module = ast.Module(nodes, [])
    return "\n".join([*imports, "", "", ast.unparse(ast.fix_missing_locations(module)), ""])


def _with_body(node: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    changed = copy.copy(node)
    changed.body = body
    return changed


@functools.lru_cache(maxsize=64)
def _closure(exercise: str, function: str) -> tuple[_Part, ...]:
    """A function of the solutions after all that it calls of theirs."""
    return tuple(_collected(exercise, function, None))


@functools.lru_cache(maxsize=4096)
def _with(exercise: str, function: str, wrong: Misconception) -> list[_Part]:
    """The same with one of them replaced by its wrong version."""
    return _collected(exercise, function, wrong)


def _collected(exercise: str, function: str, wrong: Misconception | None) -> list[_Part]:
    found: dict[str, _Part] = {}

    def visit(home: str, name: str) -> None:
        if name in found:
            if found[name].exercise != home:
                raise ValueError(f"{exercise}.{function} calls two functions called {name}")
            return
        if wrong is not None and (home, name) == (wrong.exercise, wrong.function):
            part = _wrong_part(wrong)
        else:
            part = _part(home, name)
        found[name] = part  # a function may call itself
        for other in _uses(part):
            visit(*other)
        found[name] = found.pop(name)  # after what it uses

    visit(exercise, function)
    return list(found.values())


@functools.lru_cache(maxsize=4096)
def _wrong_part(wrong: Misconception) -> _Part:
    (node,) = ast.parse(wrong.source).body
    return _Part(wrong.exercise, wrong.function, _bare(node), _imports(wrong.exercise, node))


@functools.lru_cache(maxsize=512)
def _part(exercise: str, name: str) -> _Part:
    node = _home(exercise).definitions[name]
    return _Part(exercise, name, node, _imports(exercise, node))


@functools.lru_cache(maxsize=4096)
def _uses(part: _Part) -> list[tuple[str, str]]:
    """What else of the solutions a part needs."""
    home, found = _home(part.exercise), []
    for name in sorted(_free_in(part.node)):
        if name in home.definitions:
            found.append((part.exercise, name))
        elif name in home.solutions:
            found.append(home.solutions[name])
    return [each for each in found if each != (part.exercise, part.name)]


def _imports(exercise: str, node: ast.stmt) -> tuple[str, ...]:
    known = {**IMPORTS, **_home(exercise).imports}
    return tuple(known[name] for name in sorted(_free_in(node)) if name in known)


@dataclasses.dataclass(frozen=True)
class _Home:
    """A solution's module: what it defines, and what it imports from where."""

    definitions: dict[str, ast.stmt]
    solutions: dict[str, tuple[str, str]]
    imports: dict[str, str]


@functools.lru_cache(maxsize=64)
def _home(exercise: str) -> _Home:
    home = _Home({}, {}, {})
    tree = ast.parse((SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            home.definitions[node.name] = _bare(node)
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            home.definitions.update(dict.fromkeys(names, node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                called = alias.asname or alias.name
                if isinstance(node, ast.ImportFrom) and node.level:
                    home.solutions[called] = (str(node.module), alias.name)
                else:
                    home.imports[called] = _import_line(node, alias)
    return home


def _import_line(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.ImportFrom):
        return ast.unparse(ast.ImportFrom(node.module, [alias], 0))
    return ast.unparse(ast.Import([alias]))


def _bare(node: ast.stmt) -> ast.stmt:
    """A definition without annotations and docstrings: what is left needs fewer imports."""
    return ast.fix_missing_locations(_Stripped().visit(node))


class _Stripped(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(node.arg, None)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        if node.value is None:
            return None
        return ast.Assign([node.target], node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        return self._undocumented(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.generic_visit(node)
        return self._undocumented(node)

    def _undocumented(self, node):
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _free_in(node: ast.stmt) -> set[str]:
    return registry._free(ast.unparse(node))
