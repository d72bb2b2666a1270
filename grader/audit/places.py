"""What a mutation operator may know: a node's ancestors and the names around it; and the registry.

An operator is a generator function: it is given a node of a libcst tree and its place, and yields
what may stand there instead.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import ExpressionContext


@dataclasses.dataclass
class Scope:
    """What is known inside a function; ``bound`` grows while its code is walked through."""

    imported: frozenset[str]
    contexts: Mapping[cst.CSTNode, ExpressionContext]
    parameters: dict[str, str]  # name -> its annotation
    bound: set[str]

    def within(self, function: cst.FunctionDef) -> "Scope":
        """The scope of a function's own code."""
        params = function.params
        every = [*params.posonly_params, *params.params, *params.kwonly_params]
        annotations = {
            param.name.value: code(param.annotation and param.annotation.annotation)
            for param in every
        }
        annotations.pop("self", None)
        return Scope(self.imported, self.contexts, annotations, self.bound | set(annotations))

    def is_stored(self, node: cst.CSTNode) -> bool:
        """Whether an expression is assigned to."""
        return self.contexts.get(node) is ExpressionContext.STORE

    def is_read(self, node: cst.CSTNode) -> bool:
        """Whether an expression is read; an attribute's name or a label is neither."""
        return self.contexts.get(node) is ExpressionContext.LOAD

    def names(self, node: cst.CSTNode, stored: bool) -> set[str]:
        """The names that a piece of code assigns, or those that it reads."""
        found = {name for child in node.children for name in self.names(child, stored)}
        if isinstance(node, cst.Name) and (self.is_stored if stored else self.is_read)(node):
            found.add(node.value)
        return found


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a node stands: its ancestors, the nearest last, and its scope."""

    ancestors: tuple[cst.CSTNode, ...]
    scope: Scope

    @property
    def parent(self) -> Any:
        """The nearest ancestor; None for a statement of the module."""
        return self.ancestors[-1] if self.ancestors else None


Operator = Callable[[Any, Place], Iterator[cst.CSTNode]]
OPERATORS: dict[str, tuple[tuple[type, ...], Operator]] = {}


def operator(*kinds: type) -> Callable[[Operator], Operator]:
    """Registers an operator for nodes of these kinds, under its function's name."""

    def register(function: Operator) -> Operator:
        OPERATORS[function.__name__] = (kinds, function)
        return function

    return register


def replacements(node: cst.CSTNode, place: Place) -> Iterator[tuple[str, cst.CSTNode]]:
    """Everything that may stand in place of a node: (operator, replacement)."""
    for name, (kinds, function) in OPERATORS.items():
        if isinstance(node, kinds):
            for new in function(node, place):
                yield name, new


def code(node: cst.CSTNode | None) -> str:
    """A node's source; that of nothing is empty."""
    return "" if node is None else cst.Module(body=[]).code_for_node(node)


def is_text(node: cst.CSTNode) -> bool:
    """Whether a statement is only a string or an ellipsis: a docstring or a placeholder."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        node = node.body[0]
    literals = (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis)
    return isinstance(node, cst.Expr) and isinstance(node.value, literals)


def root(node: cst.BaseExpression) -> str:
    """The name that a chain of attributes starts with."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def exchanged(items: Sequence[Any], index: int, new: Any) -> list[Any]:
    """The items, one of them replaced."""
    return [*items[:index], new, *items[index + 1 :]]


def without(items: Sequence[Any], index: int) -> list[Any]:
    """The items but for one; no comma is left over at the end."""
    left = [*items[:index], *items[index + 1 :]]
    if left and index == len(left) and hasattr(left[-1], "comma"):
        left[-1] = left[-1].with_changes(comma=items[-1].comma)
    return left


def swapped(items: Sequence[Any], index: int) -> list[Any]:
    """The items, one and the next having changed places; their commas stay where they are."""
    one, two = items[index : index + 2]
    if hasattr(one, "comma"):
        one, two = one.with_changes(comma=two.comma), two.with_changes(comma=one.comma)
    return [*items[:index], two, one, *items[index + 2 :]]
