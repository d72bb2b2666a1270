"""What a source file defines, read from its syntax tree; nothing of it is run.

It is read to help a student whose code fails: which function has a name nearly right, where a
``raise`` was left, what a function takes. Files that are large or deeply nested have no outline:
the parser's memory would be the submission's to choose, and help can be done without.
"""

import ast
import contextlib
import dataclasses
import re
from collections.abc import Iterator

CHARS = 64 * 1024  # of a file that is parsed at all
DEPTH = 60  # brackets within brackets, and blocks within blocks
NODES = 200_000
DEFINITIONS = 500
NAMES = 200  # of one function

_STUB = "NotImplementedError"
_BRACKETS = re.compile(r"[()\[\]{}]")
_Block = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclasses.dataclass
class Definition:
    """A function or a class of a file.

    Attributes:
        line: where its ``def`` or ``class`` stands, from 1; ``end`` is its last line.
        inside: the definitions that it stands in, outermost first.
        guarded: whether it stands below ``if __name__ == "__main__":``.
        arguments: the names that it takes; of a class, none.
        signature: the same with defaults and stars, as it is written.
        names: what it takes or assigns.
        raises: the lines that raise NotImplementedError.
        written: whether more stands in it than a docstring and such a line.
        returns: whether it returns or yields a value anywhere.
        prints: whether it calls ``print``.
        rebinds: names that it gives the result of a computation with themselves, ``p = p - ...``.
        aliases: names that it gives to what has one already, ``H = state``, as (new, old).
        products: pairs of names that it multiplies entry by entry.
        attributes: names behind a point.
        retains: whether it says ``retain_graph``.
        drops: whether what ``detach`` returns is dropped: ``s.detach()`` as a statement, or given
            to the name of a loop alone.
        appends: names that it gives what ``append`` returns, ``a = a.append(x)``.
        static: whether a method does without ``self``.
    """

    name: str
    line: int
    end: int
    is_class: bool
    inside: tuple["Definition", ...] = ()
    guarded: bool = False
    arguments: list[str] = dataclasses.field(default_factory=list)
    signature: str = ""
    names: set[str] = dataclasses.field(default_factory=set)
    raises: list[int] = dataclasses.field(default_factory=list)
    written: bool = False
    returns: bool = False
    prints: bool = False
    rebinds: list[str] = dataclasses.field(default_factory=list)
    aliases: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    products: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    attributes: set[str] = dataclasses.field(default_factory=set)
    retains: bool = False
    drops: bool = False
    appends: list[str] = dataclasses.field(default_factory=list)
    static: bool = False

    @property
    def is_top(self) -> bool:
        """Whether importing the file defines it."""
        return not self.inside and not self.guarded

    @property
    def is_method(self) -> bool:
        """Whether it stands in a class directly."""
        return bool(self.inside) and self.inside[-1].is_class


@dataclasses.dataclass
class Outline:
    """The definitions of a file in its order, and the names known at its top level."""

    definitions: list[Definition]
    names: set[str]

    def top(self, name: str) -> Definition | None:
        """The function or class of that name that importing the file defines last."""
        found = [d for d in self.definitions if d.name == name and d.is_top]
        return found[-1] if found else None

    def named(self, name: str) -> Definition | None:
        """Any definition of that name; one at the top level first."""
        found = [d for d in self.definitions if d.name == name]
        return self.top(name) or (found[-1] if found else None)

    def around(self, line: int) -> Definition | None:
        """The innermost definition in which a line stands."""
        found = [d for d in self.definitions if d.line <= line <= d.end]
        return max(found, key=lambda d: len(d.inside)) if found else None


def outline(text: str) -> Outline | None:
    """The outline of a source text; None where it can't be had."""
    if not _is_small(text):
        return None
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return _outlined(ast.parse(text))
    return None


def syntax_error(text: str) -> SyntaxError | None:
    """The syntax error that Python finds in a text, if it finds one."""
    if not _is_small(text):
        return None
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _is_small(text: str) -> bool:
    if len(text) > CHARS:
        return False
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        depth = depth + 1 if found.group() in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest <= DEPTH


def _outlined(tree: ast.Module) -> Outline:
    found = Outline([], set())
    waiting: list[tuple[ast.AST, tuple[Definition, ...], bool]] = [(tree, (), False)]
    for _ in range(NODES):
        if not waiting:
            break
        node, inside, guarded = waiting.pop()
        if isinstance(node, _Block) and len(found.definitions) < DEFINITIONS:
            definition = _definition(node, inside, guarded)
            found.definitions.append(definition)
            if definition.is_top:
                found.names.add(node.name)
            inside = (*inside, definition)
        elif inside:
            _note(node, inside[-1])
        else:
            found.names |= set(_assigned(node))
        guarded = guarded or _is_guard(node)
        if len(inside) <= DEPTH:
            waiting += [(child, inside, guarded) for child in ast.iter_child_nodes(node)]
    for definition in found.definitions:
        definition.products.reverse()  # the last was met first
    found.definitions.sort(key=lambda definition: definition.line)
    return found


def _definition(node: _Block, inside: tuple[Definition, ...], guarded: bool) -> Definition:
    found = Definition(node.name, node.lineno, node.end_lineno or node.lineno, False, inside)
    found.guarded = guarded
    found.written = any(not _is_given(statement) for statement in node.body)
    if isinstance(node, ast.ClassDef):
        found.is_class = True
        return found
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    found.arguments = [argument.arg for argument in every][:NAMES]
    found.names |= {argument.arg for argument in every[:NAMES]}
    found.signature = _signature(given)
    found.static = any(_is_name(each, "staticmethod") for each in node.decorator_list)
    return found


def _is_guard(node: ast.AST) -> bool:
    """Whether it is ``if __name__ == ...:``, whose body is not run on import."""
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Compare) and _is_name(test.left, "__name__")


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _signature(given: ast.arguments) -> str:
    """Names, a star before those that take what is left, an ``=…`` behind those with a default."""
    plain = [argument.arg for argument in [*given.posonlyargs, *given.args]]
    first = len(plain) - len(given.defaults)
    words = [name + ("=…" if at >= first else "") for at, name in enumerate(plain)]
    words += [f"*{given.vararg.arg}"] if given.vararg else []
    words += [f"{argument.arg}=…" for argument in given.kwonlyargs]
    words += [f"**{given.kwarg.arg}"] if given.kwarg else []
    return ", ".join(words[:NAMES])


def _is_given(statement: ast.stmt) -> bool:
    """A docstring, ``pass``, ``...``, ``super().__init__()`` or the stub's raise."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) or _calls_super(statement.value)
    return isinstance(statement, ast.Pass) or _raises(statement)


def _calls_super(node: ast.AST) -> bool:
    """``super().__init__()``."""
    method = node.func if isinstance(node, ast.Call) else None
    owner = method.value if isinstance(method, ast.Attribute) else None
    return isinstance(owner, ast.Call) and _is_name(owner.func, "super")


def _raises(node: ast.AST) -> bool:
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    return _is_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, _STUB)


def _note(node: ast.AST, owner: Definition) -> None:
    """Keep of one node of a function's body what may help to explain how it fails."""
    if isinstance(node, ast.Raise) and _raises(node):
        owner.raises.append(node.lineno)
    elif isinstance(node, (ast.Yield, ast.YieldFrom)) or (
        isinstance(node, ast.Return) and node.value is not None
    ):
        owner.returns = True
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        owner.prints = owner.prints or node.func.id == "print"
    elif isinstance(node, ast.Attribute) and len(owner.attributes) < NAMES:
        owner.attributes.add(node.attr)
    elif isinstance(node, ast.keyword):
        owner.retains = owner.retains or node.arg == "retain_graph"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        if isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name):
            owner.products.append((node.left.id, node.right.id))
    elif isinstance(node, ast.Assign):
        owner.rebinds += _rebound(node)
        if isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Name):
            owner.aliases.append((node.targets[0].id, node.value.id))
        owner.appends += _method_of(node, "append")
    elif isinstance(node, ast.For):
        kept = [name for each in node.body for name in _method_of(each, "detach")]
        owner.drops = owner.drops or any(_is_name(node.target, name) for name in kept)
    elif isinstance(node, ast.Expr):
        owner.drops = owner.drops or _calls(node.value) in ("detach", "detach_state")
    if len(owner.names) < NAMES:
        owner.names |= set(_assigned(node))


def _rebound(node: ast.Assign) -> Iterator[str]:
    target, value = node.targets[0], node.value
    first = value.left if isinstance(value, ast.BinOp) else None
    if isinstance(target, ast.Name) and isinstance(first, ast.Name) and first.id == target.id:
        yield target.id


def _method_of(node: ast.AST, method: str) -> Iterator[str]:
    """The name of ``name = name.method(...)``."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return
    target, function = node.targets[0], node.value.func
    if not isinstance(target, ast.Name) or not isinstance(function, ast.Attribute):
        return
    if function.attr == method and _is_name(function.value, target.id):
        yield target.id


def _calls(node: ast.AST) -> str:
    """The name of the function or method that an expression calls."""
    function = node.func if isinstance(node, ast.Call) else None
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _assigned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names[:NAMES]:
            yield (alias.asname or alias.name).partition(".")[0]
