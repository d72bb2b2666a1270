"""Mutants: the reference with one small mistake each, for the audit to find them with the checks.

A solution is walked through as a libcst tree. At every node the operators of this package propose
replacements; each is grafted into its statement, bracketed as precedence demands, and kept if it
compiles and is new.
"""

import ast
import contextlib
import dataclasses
import textwrap
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import libcst as cst
from libcst.metadata import ExpressionContextProvider, MetadataWrapper, PositionProvider

from . import operators, precision, statements  # noqa: F401 - importing them registers them
from .grafting import Printer, bracketed, grafted
from .places import Place, Scope, code, is_text, replacements

WIDTH = 200  # of a change's text


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A solution with one change."""

    exercise: str  # "gru"
    function: str  # the graded function or class that it changes, or a helper's or constant's name
    operator: str  # the kind of change: "swap_operator", "drop_term", …
    line: int  # in the solution's file
    before: str  # the changed expression or statement, on one line
    after: str
    source: str  # the whole file with the change; it compiles
    number: int = 1  # among the mutants of this operator in this function

    @property
    def id(self) -> str:
        """Its name, which stays when other parts of the file change."""
        return f"{self.exercise}.{self.function}.{self.operator}.{self.number}"


def mutants(exercise: str, source: str, functions: Collection[str]) -> list[Mutant]:
    """All mutants of a solution, statement by statement, in the order of its lines.

    Docstrings, annotations, imports, decorators, ``__all__``, type aliases and what is raised stay
    as they are. No two mutants of a function are the same program, and none is the original.

    Args:
        exercise: its name.
        source: the solution.
        functions: the names that are graded, of functions or classes.

    Raises:
        ValueError: if the solution lacks a graded name.
    """
    tree = MetadataWrapper(cst.parse_module(source))
    module, positions = tree.module, tree.resolve(PositionProvider)
    names = [_name(statement) for statement in module.body]
    if missing := sorted(set(functions) - set(names)):
        raise ValueError(f"{exercise}: the solution lacks {', '.join(missing)}")
    scope = Scope(_imported(module), tree.resolve(ExpressionContextProvider), {}, set())
    codes = [module.code_for_node(part) for part in (*module.header, *module.body, *module.footer)]
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for at, (name, statement) in enumerate(zip(names, module.body, strict=True)):
        before, after = codes[: len(module.header) + at], codes[len(module.header) + at + 1 :]
        for operator, old, new, text in _changes(module, statement, scope) if name else ():
            numbers[name, operator] += 1
            number, whole = numbers[name, operator], "".join([*before, text, *after])
            gone, come = _difference(old, new)
            line = positions[gone[0]].start.line
            texts = _on_one_line(gone), _on_one_line(come)
            found.append(Mutant(exercise, name, operator, line, *texts, whole, number))
    return found


def _name(statement: cst.CSTNode) -> str:
    """What a statement of the module defines; empty if mutants leave it alone."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return statement.name.value
    if not isinstance(statement, cst.SimpleStatementLine):
        return ""
    part = statement.body[0]
    if isinstance(part, cst.AnnAssign) and code(part.annotation.annotation) != "TypeAlias":
        target: cst.BaseExpression = part.target
    elif isinstance(part, cst.Assign):
        target = part.targets[0].target
    else:
        return ""
    name = target.value if isinstance(target, cst.Name) else ""
    is_alias = name.lstrip("_")[:1].isupper() and not name.isupper()  # Batches = list[Tensor]
    return "" if name == "__all__" or is_alias else name


def _imported(module: cst.Module) -> frozenset[str]:
    """The names that the module's imports bind."""
    found = set()
    for statement in module.body:
        for part in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(part, cst.Import | cst.ImportFrom) and not isinstance(
                part.names, cst.ImportStar
            ):
                for alias in part.names:
                    found.add(alias.evaluated_alias or alias.evaluated_name.split(".")[0])
    return frozenset(found)


def _changes(
    module: cst.Module, statement: cst.CSTNode, scope: Scope
) -> Iterator[tuple[str, cst.CSTNode, cst.CSTNode, str]]:
    """The valid and distinct changes of a statement: (operator, old, new, statement's code)."""
    printer = Printer(module, statement)
    seen = {_compiled(printer.original)}
    for node, place in _places(statement, Place((), scope)):
        for operator, bare in replacements(node, place):
            new = bracketed(bare)
            text = printer.print(grafted(place.ancestors, node, new))
            program = _compiled(text)
            if program is not None and program not in seen:
                seen.add(program)
                yield operator, node, new, text


def _compiled(text: str) -> str | None:
    """A statement's syntax tree as text, without positions; None if it does not compile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            tree = ast.parse(text)
            compile(tree, "<mutant>", "exec")
        except SyntaxError:
            return None
    return ast.dump(tree)


LEFT_ALONE = (
    cst.Annotation,
    cst.BaseParenthesizableWhitespace,
    cst.Decorator,
    cst.Import,
    cst.ImportFrom,
    cst.Raise,
    cst.TypeAlias,
)


def _places(node: cst.CSTNode, place: Place) -> Iterator[tuple[cst.CSTNode, Place]]:
    """A node and all that is below it, in the order of the source.

    A scope's ``bound`` names are those met so far, so a place is to be used before the next.
    """
    if isinstance(node, LEFT_ALONE) or is_text(node):
        return
    if isinstance(node, cst.FunctionDef):
        place = Place(place.ancestors, place.scope.within(node))
    yield node, place
    if isinstance(node, cst.Name) and place.scope.is_stored(node):
        place.scope.bound.add(node.value)
    below = Place((*place.ancestors, node), place.scope)
    for child in node.children:
        yield from _places(child, below)


def _difference(
    old: cst.CSTNode, new: cst.CSTNode
) -> tuple[Sequence[cst.CSTNode], Sequence[cst.CSTNode]]:
    """What differs: of two blocks only the statements that are not the same, else all."""
    if not isinstance(old, cst.IndentedBlock) or not isinstance(new, cst.IndentedBlock):
        return [old], [new]
    before, after = list(old.body), list(new.body)
    for end in (0, -1):
        while before and after and before[end] is after[end]:
            del before[end], after[end]
    return before, after


def _on_one_line(nodes: Sequence[cst.CSTNode]) -> str:
    """The nodes' code without comments and line breaks, shortened if it is long."""
    text = textwrap.dedent("".join(code(node) for node in nodes)).strip()
    with contextlib.suppress(SyntaxError):  # a slice is no statement
        text = "; ".join(ast.unparse(part) for part in ast.parse(text).body)
    return textwrap.shorten(text, WIDTH, placeholder=" …")
