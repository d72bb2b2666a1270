"""What a piece of code may do that a comparison of answers must know beforehand."""

import ast


def never_ends(node: ast.AST) -> bool:
    """``while True`` without a way out."""
    if not (isinstance(node, ast.While) and isinstance(node.test, ast.Constant)):
        return False
    return not any(isinstance(each, ast.Break | ast.Return) for each in ast.walk(node))


def keeps(node: ast.AST) -> bool:
    """Whether a piece of code may outlast a call: a global name, an attribute, a default."""
    if isinstance(node, ast.arguments):
        defaults = [*node.defaults, *node.kw_defaults]
        return any(isinstance(d, ast.List | ast.Dict | ast.Set | ast.Call) for d in defaults)
    if isinstance(node, ast.Attribute):
        named = node.value.id if isinstance(node.value, ast.Name) else "self"
        ends = named == "self" or node.attr in ("grad", "data", "requires_grad")
        return isinstance(node.ctx, ast.Store) and not ends
    return isinstance(node, ast.Global) or bool(getattr(node, "decorator_list", ()))
