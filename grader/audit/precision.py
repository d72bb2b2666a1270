"""The mutation operators on precision: right on a grid and in the wider dtype, wrong elsewhere.

Low precision as it comes about: half or bfloat16 to save memory, TF32 and autocast by a switch. All
of it in float32 alone, so that nothing but a check of precision can see it; and one in float64, a
product in float32. A function that a network calls is to be blamed for it, not the network.
"""

from collections.abc import Iterator

import libcst as cst

from .places import Place, code, exchanged, operator

DROPPED_BITS = 13  # of float32's mantissa, which TF32 has not
ROUNDED = (
    f"(({{left}}).view(torch.int32) + {1 << (DROPPED_BITS - 1)} & {-1 << DROPPED_BITS})"
    ".view(torch.float32)"
)
NARROW = {  # what a product of float32 becomes
    "half": "(({left}).half() {operator} ({right}).half()).float()",
    "bfloat16": "(({left}).bfloat16() {operator} ({right}).bfloat16()).float()",
    "tf32": ROUNDED + " {operator} ({right})",
    "autocast": "torch.autocast('cpu', torch.bfloat16)(lambda: ({left}) @ ({right}))().float()",
}
ELSE = "if ({left}).dtype == torch.float32 else ({left}) {operator} ({right})"
OPERANDS = {"addmm": 1}  # where they stand
SINGLE = "(({left}).float() {operator} ({right}).float()).to(({left}).dtype)"


@operator(cst.BinaryOperation)
def lower_precision(node: cst.BinaryOperation, place: Place) -> Iterator[cst.CSTNode]:
    """a @ b, or a * b of two tensors, in float16, bfloat16, TF32 or by autocast; in float32."""
    if "torch" not in place.scope.imported or not _is_product(node, place):
        return
    parts = {
        "left": code(node.left),
        "right": code(node.right),
        "operator": code(node.operator).strip(),
    }
    for kind, text in NARROW.items():
        if kind != "autocast" or isinstance(node.operator, cst.MatrixMultiply):
            yield cst.parse_expression(f"{text} {ELSE}".format(**parts))
    yield cst.parse_expression(SINGLE.format(**parts))


@operator(cst.Call)
def lower_operand(node: cst.Call, place: Place) -> Iterator[cst.CSTNode]:
    """An operand of addmm in float16, bfloat16 or TF32."""
    index = OPERANDS.get(node.func.attr.value) if isinstance(node.func, cst.Attribute) else None
    if index is None or len(node.args) <= index:
        return
    argument = node.args[index]
    for text in ("({left}).half().float()", "({left}).bfloat16().float()", ROUNDED):
        whole = f"{text} if ({{left}}).dtype == torch.float32 else ({{left}})"
        new = cst.parse_expression(whole.format(left=code(argument.value)))
        changed = argument.with_changes(value=new)
        yield node.with_changes(args=exchanged(node.args, index, changed))


def _is_product(node: cst.BinaryOperation, place: Place) -> bool:
    """Whether both sides are tensors, as far as one can tell."""
    if isinstance(node.operator, cst.MatrixMultiply):
        return True
    sides = (node.left, node.right)
    return isinstance(node.operator, cst.Multiply) and all(
        isinstance(side, cst.Name) and place.scope.parameters.get(side.value) == "Tensor"
        for side in sides
    )
