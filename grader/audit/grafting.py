"""Grafting: one node of a libcst tree replaced, bracketed as precedence demands, and printed."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import libcst as cst

# How tightly an expression binds, loosest first; whatever is not listed binds like a name.
LOOSE_TO_TIGHT: list[tuple[type, ...]] = [
    (cst.GeneratorExp,),
    (cst.Tuple, cst.Yield, cst.NamedExpr),
    (cst.IfExp, cst.Lambda),
    (cst.Or,),
    (cst.And,),
    (cst.Not,),
    (cst.Comparison,),
    (cst.BitOr, cst.BitXor, cst.BitAnd, cst.LeftShift, cst.RightShift),
    (cst.Add, cst.Subtract),
    (cst.Multiply, cst.MatrixMultiply, cst.Divide, cst.FloorDivide, cst.Modulo),
    (cst.Minus, cst.Plus, cst.BitInvert),
    (cst.Power,),
]
BINDING = {kind: level for level, kinds in enumerate(LOOSE_TO_TIGHT) for kind in kinds}
TIGHTEST = len(LOOSE_TO_TIGHT)
NEEDS: dict[type, dict[str, int]] = {
    cst.Attribute: {"value": TIGHTEST},
    cst.Subscript: {"value": TIGHTEST},
    cst.Call: {"func": TIGHTEST},
    cst.Arg: {"value": 2},
    cst.Element: {"value": 2},
    cst.ListComp: {"elt": 2},
    cst.GeneratorExp: {"elt": 2},
    cst.IfExp: {"body": 3, "test": 3, "orelse": 2},
    cst.Comparison: {"left": 7},
    cst.ComparisonTarget: {"comparator": 7},
    cst.Assign: {"value": 1},
    cst.Return: {"value": 1},
}


def grafted(ancestors: Sequence[cst.CSTNode], old: Any, new: Any) -> cst.CSTNode:
    """The outermost ancestor with ``new``, bracketed itself, in place of ``old``."""
    if getattr(old, "lpar", ()) and not getattr(new, "lpar", (None,)):
        new = new.with_changes(lpar=old.lpar, rpar=old.rpar)  # they may span lines
    for parent in reversed(ancestors):
        grown: Any = parent
        for field in dataclasses.fields(parent):
            value = getattr(parent, field.name)
            if value is old:
                grown = parent.with_changes(**{field.name: new})
            elif isinstance(value, list | tuple) and any(part is old for part in value):
                parts = [new if part is old else part for part in value]
                grown = parent.with_changes(**{field.name: parts})
        old, new = parent, _bracketed(grown)
    return new


def bracketed(tree: Any) -> cst.CSTNode:
    """A tree that an operator made, its parts bracketed; a block's parts stay the same objects."""
    return tree if isinstance(tree, cst.IndentedBlock) else tree.visit(_Bracketing())


class _Bracketing(cst.CSTTransformer):
    """Brackets whatever needs them in a tree that operators put together."""

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        return _bracketed(updated_node)


def _bracketed(node: Any) -> Any:
    """A node whose own parts are bracketed where they bind too loosely to stand bare."""
    bare = {
        field: part.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        for field, level in _needs(node).items()
        if (part := getattr(node, field)) is not None and _binding(part) < level
    }
    return node.with_changes(**bare) if bare else node


def _needs(node: cst.CSTNode) -> dict[str, int]:
    """How tightly each of a node's parts must bind."""
    level = _binding(node, inside=True)
    if isinstance(node, cst.BinaryOperation):
        is_power = isinstance(node.operator, cst.Power)  # a ** b ** c is a ** (b ** c)
        return {"left": level + is_power, "right": level + (not is_power)}
    if isinstance(node, cst.BooleanOperation):
        return {"left": level, "right": level + 1}
    if isinstance(node, cst.UnaryOperation):
        return {"expression": level}
    return NEEDS.get(type(node), {})


def _binding(node: Any, inside: bool = False) -> int:
    """How tightly an expression binds, its brackets counted unless seen from inside."""
    if getattr(node, "lpar", ()) and not inside:
        return TIGHTEST
    return BINDING.get(type(getattr(node, "operator", node)), TIGHTEST)


class Printer:
    """Prints versions of a statement; what a function's version shares is printed only once."""

    def __init__(self, module: cst.Module, statement: cst.CSTNode) -> None:
        self._module, self._statement = module, statement
        self.original = module.code_for_node(statement)
        self._known: dict[int, str] = {}
        self._head: str | None = None  # of a function whose body is printed part by part
        if isinstance(statement, cst.FunctionDef) and isinstance(statement.body, cst.IndentedBlock):
            self._known = {id(part): self._part(part) for part in statement.body.body}
            body = "".join(self._known.values())
            if self.original.endswith(body):  # a comment may come after it
                self._head = self.original.removesuffix(body)

    def print(self, version: Any) -> str:
        """The code of a version."""
        if self._head is None or version.params is not getattr(self._statement, "params", None):
            return self._module.code_for_node(version)
        parts = version.body.body
        return self._head + "".join(self._known.get(id(part)) or self._part(part) for part in parts)

    def _part(self, part: Any) -> str:
        """A statement of a function's body, indented: printed as a block without its first line."""
        block = self._module.code_for_node(cst.IndentedBlock([part]))
        return block.removeprefix(self._module.default_newline)
