"""What a copier does to somebody else's file: other names, other formatting, another order."""

import ast
import random


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        self.generic_visit(node)
        return node


def renamed(source: str) -> str:
    """Every argument and local variable with another name; comments and formatting are lost."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in nodes if isinstance(n, ast.arg)} - {"self"}
    names = {name: f"{'xyz'[i % 3]}_{i}" for i, name in enumerate(sorted(own))}
    return ast.unparse(_Renamer(names).visit(tree))


def reordered(source: str) -> str:
    """The functions in another order."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    rest = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    random.Random(1).shuffle(functions)
    tree.body = [*rest, *functions]
    return ast.unparse(tree)


def reformatted(source: str) -> str:
    """Comments at every line's end, blank lines, and brackets around what is returned."""
    lines = []
    for line in ast.unparse(ast.parse(source)).split("\n"):
        start, word, rest = line.partition("return ")
        is_return = word and not start.strip() and rest and "(" not in rest
        lines += [f"{start}return ({rest})" if is_return else line, ""]
    return (
        "\n".join(lines).replace("\n\n", "  # mine\n\n")
        if '"""' not in source
        else "\n".join(lines)
    )
