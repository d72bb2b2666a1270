"""The mutation operators on statements: conditions, loops, the graph, and the order of things.

See ``grader.audit.operators`` for what an operator is.
"""

import builtins
from collections.abc import Iterator
from typing import Any

import libcst as cst

from .places import Place, code, is_text, operator, root, swapped, without

# Conditions and loops


@operator(cst.BaseExpression)
def fix_condition(node: cst.BaseExpression, place: Place) -> Iterator[cst.CSTNode]:
    """The condition of if, while or a ternary always holds, or never."""
    if isinstance(place.parent, cst.If | cst.While | cst.IfExp) and place.parent.test is node:
        yield from (cst.Name("True"), cst.Name("False"))


@operator(cst.IfExp)
def swap_branches(node: cst.IfExp, place: Place) -> Iterator[cst.CSTNode]:
    """a if c else b becomes b if c else a."""
    yield node.with_changes(body=node.orelse, orelse=node.body)


@operator(cst.CompFor)
def drop_filter(node: cst.CompFor, place: Place) -> Iterator[cst.CSTNode]:
    """A comprehension without its if."""
    if node.ifs:
        yield node.with_changes(ifs=())


@operator(cst.BaseExpression)
def change_loop(node: cst.BaseExpression, place: Place) -> Iterator[cst.CSTNode]:
    """A loop that runs backwards, or leaves the first or the last round out."""
    if isinstance(place.parent, cst.For | cst.CompFor) and place.parent.iter is node:
        nameless = code(place.parent.target) == "_"
        for bounds in ["1:"] if nameless else ["::-1", "1:", ":-1"]:
            yield cst.parse_expression(f"list({code(node)})[{bounds}]")


@operator(cst.IndentedBlock)
def empty_branch(node: cst.IndentedBlock, place: Place) -> Iterator[cst.CSTNode]:
    """A branch beside another does nothing; a lone one is emptied by its condition."""
    if isinstance(place.parent, cst.Else) or getattr(place.parent, "orelse", None):
        yield node.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])


# The graph

PLAIN = set(dir(builtins)) - {"sum", "max", "min"}  # no tensor comes out of these


@operator(cst.Name, cst.Call, cst.BinaryOperation, cst.Subscript)
def insert_detach(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """What is returned, appended or assigned is cut from the graph."""
    if isinstance(node, cst.Call) and root(node.func) in PLAIN:
        return
    is_integer = isinstance(node, cst.BinaryOperation) and isinstance(
        node.operator, cst.FloorDivide | cst.Modulo
    )
    if not is_integer and _is_result(node, place):
        yield cst.Call(cst.Attribute(node, cst.Name("detach")))


# Statements

PLAIN_OPERATORS: dict[type, type[cst.BaseBinaryOp]] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
}


@operator(cst.Expr, cst.AugAssign, cst.Assign)
def drop_statement(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """A call for its effect, an update or an assignment to a name that is bound already is gone."""
    if is_text(node):
        return
    new_names = place.scope.names(node, stored=True) - place.scope.bound
    if not isinstance(node, cst.Assign) or not new_names:
        yield cst.Pass()


@operator(cst.Assign)
def drop_target(node: cst.Assign, place: Place) -> Iterator[cst.CSTNode]:
    """a = b = x becomes b = x, then a = x."""
    if len(node.targets) > 1:
        for index in range(len(node.targets)):
            yield node.with_changes(targets=without(node.targets, index))


@operator(cst.AugAssign)
def plain_assignment(node: cst.AugAssign, place: Place) -> Iterator[cst.CSTNode]:
    """a += b becomes a = b; then a = a + b, which leaves a tensor's old memory as it was."""
    yield cst.Assign([cst.AssignTarget(node.target)], node.value)
    if plain := PLAIN_OPERATORS.get(type(node.operator)):
        both = cst.BinaryOperation(node.target, plain(), node.value)
        yield cst.Assign([cst.AssignTarget(node.target)], both)


@operator(cst.Break, cst.Continue)
def swap_jump(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """break becomes continue, continue becomes break."""
    yield cst.Continue() if isinstance(node, cst.Break) else cst.Break()


@operator(cst.IndentedBlock)
def unwrap_with(node: cst.IndentedBlock, place: Place) -> Iterator[cst.CSTNode]:
    """The body of a with statement stands alone."""
    for index, part in enumerate(node.body):
        if isinstance(part, cst.With):
            body = [*node.body[:index], *part.body.body, *node.body[index + 1 :]]
            yield node.with_changes(body=body)


@operator(cst.IndentedBlock)
def swap_statements(node: cst.IndentedBlock, place: Place) -> Iterator[cst.CSTNode]:
    """Two neighbours change places where that matters and no name is read before it is bound."""
    scope, bound = place.scope, set(place.scope.bound)
    for index, (one, two) in enumerate(zip(node.body, node.body[1:], strict=False)):
        writes, reads = scope.names(one, stored=True), scope.names(two, stored=False)
        clash = (writes & reads) | (scope.names(two, True) & scope.names(one, False))
        matters = clash or _is_effect(one) or _is_effect(two)
        if matters and not is_text(one) and not _leaves(two) and writes & reads <= bound:
            yield node.with_changes(body=swapped(node.body, index))
        bound |= writes


def _is_effect(statement: cst.CSTNode) -> bool:
    """Whether a statement is an expression, evaluated for its effect."""
    return isinstance(statement, cst.SimpleStatementLine) and any(
        isinstance(part, cst.Expr) for part in statement.body
    )


def _leaves(statement: cst.CSTNode) -> bool:
    kinds = (cst.Return, cst.Raise, cst.Break, cst.Continue)
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], kinds)


def _is_result(node: cst.CSTNode, place: Place) -> bool:
    """Whether an expression is assigned, appended or returned, as it is or inside a display."""
    if isinstance(place.parent, cst.Assign | cst.AnnAssign):
        return place.parent.value is node and not isinstance(node, cst.Name)
    for parent in reversed(place.ancestors):
        if isinstance(parent, cst.Call):
            if isinstance(parent.func, cst.Attribute) and parent.func.attr.value == "append":
                return True
            if parent.func is node or code(parent.func) not in ("tuple", "list"):
                return False
        elif isinstance(parent, cst.Return):
            return True
        elif not isinstance(
            parent, cst.BaseElement | cst.Arg | cst.Tuple | cst.List | cst.BaseComp
        ):
            return False
        if isinstance(parent, cst.BaseSimpleComp) and parent.elt is not node:
            return False
        node = parent
    return False
