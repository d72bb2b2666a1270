"""The mutation operators on expressions: arithmetic, constants, calls and displays.

Each makes small wrong versions of one kind of node. It is given the node and its place, and yields
the nodes that may stand there instead; its name is the kind of the mutant. Brackets, duplicates
and code that does not compile are not its business: ``grader.audit.mutants`` sees to those.
"""

import builtins
from collections.abc import Iterator
from typing import Any

import libcst as cst

from .places import Place, exchanged, operator, root, swapped, without

# Arithmetic

SWAPPED: dict[type, type] = {
    cst.Add: cst.Subtract,
    cst.Subtract: cst.Add,
    cst.Multiply: cst.Divide,
    cst.Divide: cst.Multiply,
    cst.MatrixMultiply: cst.Multiply,
    cst.FloorDivide: cst.Divide,
    cst.Modulo: cst.FloorDivide,
    cst.Power: cst.Multiply,
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
    cst.LessThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.LessThan,
    cst.GreaterThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.GreaterThan,
    cst.Equal: cst.NotEqual,
    cst.NotEqual: cst.Equal,
    cst.In: cst.NotIn,
    cst.NotIn: cst.In,
    cst.Is: cst.IsNot,
    cst.IsNot: cst.Is,
    cst.And: cst.Or,
    cst.Or: cst.And,
}


@operator(cst.BinaryOperation, cst.AugAssign, cst.BooleanOperation)
def swap_operator(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """a + b becomes a - b, and its like."""
    if new := SWAPPED.get(type(node.operator)):
        yield node.with_changes(operator=new())


@operator(cst.Comparison)
def swap_comparison(node: cst.Comparison, place: Place) -> Iterator[cst.CSTNode]:
    """a < b becomes a <= b, a is b becomes a is not b."""
    for index, target in enumerate(node.comparisons):
        if new := SWAPPED.get(type(target.operator)):
            yield node.with_changes(
                comparisons=exchanged(node.comparisons, index, target.with_changes(operator=new()))
            )


@operator(cst.BinaryOperation)
def swap_operands(node: cst.BinaryOperation, place: Place) -> Iterator[cst.CSTNode]:
    """a @ b becomes b @ a, wherever the order counts."""
    if isinstance(node.operator, cst.MatrixMultiply | cst.Subtract | cst.Divide):
        yield node.with_changes(left=node.right, right=node.left)


@operator(cst.BinaryOperation, cst.BooleanOperation)
def drop_term(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """a + b becomes a, then b; of a - b, -b remains too; of a quotient or a @ b only a."""
    yield node.left
    if isinstance(node.operator, cst.Add | cst.Subtract | cst.Multiply | cst.And | cst.Or):
        yield node.right
    if isinstance(node.operator, cst.Subtract):
        yield cst.UnaryOperation(cst.Minus(), node.right)


@operator(cst.UnaryOperation)
def drop_sign(node: cst.UnaryOperation, place: Place) -> Iterator[cst.CSTNode]:
    """-a and not a become a."""
    if not isinstance(node.expression, cst.Integer | cst.Float):
        yield node.expression


# Constants


@operator(cst.Integer, cst.UnaryOperation)
def change_integer(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """n becomes n + 1, then n - 1; a minus sign belongs to its number."""
    number = node.expression if isinstance(node, cst.UnaryOperation) else node
    if isinstance(number, cst.Integer) and not isinstance(place.parent, cst.UnaryOperation):
        value = number.evaluated_value * (1 if number is node else -1)
        yield cst.parse_expression(str(value + 1))
        yield cst.parse_expression(str(value - 1))


@operator(cst.Float)
def change_float(node: cst.Float, place: Place) -> Iterator[cst.CSTNode]:
    """x becomes 2x, and 0.0 becomes 1.0."""
    yield cst.parse_expression(repr(2 * node.evaluated_value or 1.0))


@operator(cst.Name)
def swap_truth(node: cst.Name, place: Place) -> Iterator[cst.CSTNode]:
    """True becomes False, False becomes True."""
    if node.value in ("True", "False"):
        yield cst.Name("False" if node.value == "True" else "True")


@operator(cst.Slice)
def drop_bound(node: cst.Slice, place: Place) -> Iterator[cst.CSTNode]:
    """A slice without its start, its stop or its step."""
    for field in ("lower", "upper", "step"):
        if getattr(node, field) is not None:
            yield node.with_changes(**{field: None})


# Calls

REPLACED = {
    "sigmoid": ("tanh",),
    "tanh": ("sigmoid",),
    "zeros": ("ones", "randn"),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "eye": ("ones",),
    "randn": ("rand", "zeros"),
    "randperm": ("arange",),
    "exp": ("log", "exp2"),
    "log": ("exp", "log2"),
    "cat": ("stack",),
    "stack": ("cat",),
    "sum": ("mean",),
    "mean": ("sum",),
    "norm": ("sum",),
    "max": ("min",),
    "min": ("max",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "cross_entropy": ("nll_loss",),
    "detach": ("clone", "detach_"),
    "mul_": ("div_", "mul"),
    "add_": ("sub_", "add"),
    "tuple": ("list",),
    "LSTM": ("GRU", "RNN"),
    "GRU": ("LSTM", "RNN"),
    "RNN": ("GRU", "LSTM"),
}


@operator(cst.Call)
def replace_call(node: cst.Call, place: Place) -> Iterator[cst.CSTNode]:
    """torch.sigmoid(x) becomes torch.tanh(x), x.sum() becomes x.mean()."""
    if isinstance(node.func, cst.Attribute):
        for new in REPLACED.get(node.func.attr.value, ()):
            yield node.with_changes(func=node.func.with_changes(attr=cst.Name(new)))
    elif isinstance(node.func, cst.Name):
        for new in REPLACED.get(node.func.value, ()):
            if hasattr(builtins, new):
                yield node.with_changes(func=cst.Name(new))


@operator(cst.Call)
def drop_call(node: cst.Call, place: Place) -> Iterator[cst.CSTNode]:
    """f(x, y) becomes x, and x.f(y) becomes x; a call that is a statement is left alone."""
    if isinstance(place.parent, cst.Expr | cst.WithItem):
        return
    if isinstance(node.func, cst.Attribute) and root(node.func) not in place.scope.imported:
        yield node.func.value
    elif node.args and node.args[0].keyword is None and not node.args[0].star:
        yield node.args[0].value


@operator(cst.Attribute)
def replace_dtype(node: cst.Attribute, place: Place) -> Iterator[cst.CSTNode]:
    """torch.float32 becomes torch.float64, and the other way round."""
    other = {"float32": "float64", "float64": "float32"}.get(node.attr.value)
    if other is not None:
        yield node.with_changes(attr=cst.Name(other))


@operator(cst.Attribute)
def drop_transpose(node: cst.Attribute, place: Place) -> Iterator[cst.CSTNode]:
    """x.T becomes x; x.t() is left to `drop_call`."""
    if node.attr.value in ("T", "mT"):
        yield node.value


@operator(cst.Call)
def swap_arguments(node: cst.Call, place: Place) -> Iterator[cst.CSTNode]:
    """Two neighbouring positional arguments change places."""
    positional = [a for a in node.args if a.keyword is None and a.star != "**"]
    for index in range(len(positional) - 1):
        yield node.with_changes(args=swapped(node.args, index))


@operator(cst.Call)
def drop_keyword(node: cst.Call, place: Place) -> Iterator[cst.CSTNode]:
    """A keyword argument is left out."""
    for index, argument in enumerate(node.args):
        if argument.keyword is not None:
            yield node.with_changes(args=without(node.args, index))


@operator(cst.Name)
def replace_name(node: cst.Name, place: Place) -> Iterator[cst.CSTNode]:
    """A parameter's name becomes the next one's in the signature that has the same annotation."""
    parameters, parent = place.scope.parameters, place.parent
    is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
    is_function = isinstance(parent, cst.Call)
    if node.value in parameters and place.scope.is_read(node) and not is_keyword | is_function:
        own = parameters[node.value]
        alike = [name for name, annotation in parameters.items() if annotation == own]
        yield cst.Name(alike[(alike.index(node.value) + 1) % len(alike)])


# Displays


@operator(cst.Tuple, cst.List, cst.Subscript)
def swap_elements(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """Two neighbours of a tuple, a list or an index change places, read or assigned to."""
    field = "slice" if isinstance(node, cst.Subscript) else "elements"
    elements = getattr(node, field)
    for index in range(len(elements) - 1):
        yield node.with_changes(**{field: swapped(elements, index)})


@operator(cst.Dict)
def swap_values(node: cst.Dict, place: Place) -> Iterator[cst.CSTNode]:
    """Two neighbouring keys of a dict exchange their values."""
    items = node.elements
    for index, (one, two) in enumerate(zip(items, items[1:], strict=False)):
        swapped = exchanged(items, index, one.with_changes(value=two.value))
        swapped = exchanged(swapped, index + 1, two.with_changes(value=one.value))
        yield node.with_changes(elements=swapped)


@operator(cst.DictComp)
def invert_dict(node: cst.DictComp, place: Place) -> Iterator[cst.CSTNode]:
    """Keys become values, values keys."""
    yield node.with_changes(key=node.value, value=node.key)


@operator(cst.Tuple, cst.List)
def drop_element(node: Any, place: Place) -> Iterator[cst.CSTNode]:
    """A tuple or a list lacks one element; a tuple of one becomes what it holds."""
    if place.scope.is_stored(node):
        return
    if len(node.elements) == 1 and isinstance(node, cst.Tuple):
        yield node.elements[0].value
    elif len(node.elements) > 1:
        for index in range(len(node.elements)):
            yield node.with_changes(elements=without(node.elements, index))
