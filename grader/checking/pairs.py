"""Two known mistakes in one function, put together from the wrong versions of each.

Only functions whose reference is a single ``return`` of an expression have pairs: gates, states,
losses. There a wrong version is a change of the expression's tree, and two of them go together if
they change different parts of it. Terms of a sum are matched by what they say, so that a missing
bias and a transposed weight don't get in each other's way. Whole networks have no pairs: too many
for what they cost.
"""

import ast
import functools
import itertools
import textwrap

from grader import misconceptions
from grader.misconceptions import Misconception

MOST = 200  # pairs of one function


@functools.lru_cache(maxsize=64)
def pairs(exercise: str, function: str) -> tuple[Misconception, ...]:
    """All pairs of known mistakes of a function that are wrong in two places."""
    reference = _returned(misconceptions.source_of(exercise, function))
    if reference is None:
        return ()
    wrong = [
        (known, tree)
        for known in misconceptions.misconceptions(exercise, function)
        if (tree := _returned(known.source)) is not None
    ]
    found: dict[str, Misconception] = {}
    alone = {ast.dump(tree) for _, tree in wrong}
    for (left, one), (right, other) in itertools.combinations(wrong, 2):
        both = merged(reference, one, other)
        if both is None or ast.dump(both) in alone or ast.dump(both) in found:
            continue
        found[ast.dump(both)] = _pair(left, right, ast.unparse(both))
    return tuple(found.values())[:MOST]


def _pair(left: Misconception, right: Misconception, expression: str) -> Misconception:
    header = ast.parse(left.source).body[0]
    assert isinstance(header, ast.FunctionDef)
    source = f"def {left.function}({ast.unparse(header.args)}):\n    return {expression}"
    return Misconception(
        left.exercise,
        left.function,
        f"{left.name}+{right.name}",
        source,
        {
            "en": f"Two mistakes at once. 1: {left.text['en']} 2: {right.text['en']}",
            "zh": f"同时有两处错误。其一：{left.text['zh']}其二：{right.text['zh']}",
        },
        {
            "en": f"1: {left.hint['en']} 2: {right.hint['en']}",
            "zh": f"其一：{left.hint['zh']}其二：{right.hint['zh']}",
        },
    )


def _returned(source: str) -> ast.expr | None:
    """The expression that a function returns, if there is nothing else in it but a docstring."""
    function = ast.parse(textwrap.dedent(source)).body[0]
    if not isinstance(function, ast.FunctionDef):
        return None
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) == 1 and isinstance(body[0], ast.Return):
        return body[0].value
    return None


def merged(reference: ast.expr, one: ast.expr, other: ast.expr) -> ast.expr | None:
    """The reference with the changes of both; None if they are about the same part."""
    try:
        found = _merged(reference, one, other)
    except _Conflict:
        return None
    assert isinstance(found, ast.expr)
    return ast.fix_missing_locations(found)


class _Conflict(Exception):
    """Both wrong versions change the same part."""


def _same(left: object, right: object) -> bool:
    if isinstance(left, ast.AST) and isinstance(right, ast.AST):
        return ast.dump(left) == ast.dump(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and left == right


def _merged(reference: object, one: object, other: object) -> object:
    if _same(one, reference):
        return other
    if _same(other, reference):
        return one
    if _is_sum(reference):
        return _merged_sum(reference, one, other)
    for wrapped, changed in ((one, other), (other, one)):  # f(x) became x
        if isinstance(reference, ast.Call) and isinstance(changed, ast.Call):
            same = _same(reference.func, changed.func)
            if same and len(reference.args) == 1 and _same(wrapped, reference.args[0]):
                return changed.args[0]
    if isinstance(reference, list):
        return _merged_lists(reference, one, other)
    if not isinstance(reference, ast.AST) or not type(reference) is type(one) is type(other):
        raise _Conflict
    fields = {
        name: _merged(getattr(reference, name), getattr(one, name), getattr(other, name))
        for name in reference._fields
    }
    return type(reference)(**fields)


def _merged_lists(reference: list, one: object, other: object) -> list:
    if not isinstance(one, list) or not isinstance(other, list):
        raise _Conflict
    if not len(reference) == len(one) == len(other):
        raise _Conflict
    return [_merged(*each) for each in zip(reference, one, other, strict=True)]


def _is_sum(node: object) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)


def _terms(node: object) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_terms(node.left), *_terms(node.right)]
    if not isinstance(node, ast.expr):
        raise _Conflict
    return [node]


def _merged_sum(reference: object, one: object, other: object) -> ast.expr:
    """A sum with the changes of both to its terms: changed, left out, or added."""
    terms = _terms(reference)
    mine, yours = _changes(terms, _terms(one)), _changes(terms, _terms(other))
    kept: list[ast.expr] = []
    for index, term in enumerate(terms):
        left, right = mine[index], yours[index]
        if left is None or right is None:
            if not (_same(left or term, term) and _same(right or term, term)):
                raise _Conflict  # one leaves it out, the other changes it
            continue
        found = _merged(term, left, right)
        assert isinstance(found, ast.expr)
        kept.append(found)
    kept += [*mine[len(terms) :], *yours[len(terms) :]]  # type: ignore[list-item]
    if not kept:
        raise _Conflict
    return functools.reduce(lambda a, b: ast.BinOp(a, ast.Add(), b), kept)


def _changes(terms: list[ast.expr], found: list[ast.expr]) -> list[ast.expr | None]:
    """For each term what became of it (None: left out), then the terms that came in."""
    rest = list(found)
    became: list[ast.expr | None] = []
    for term in terms:
        match = next((other for other in rest if _same(other, term)), None)
        became.append(match)
        if match is not None:
            rest.remove(match)
    gaps = [index for index, match in enumerate(became) if match is None]
    if gaps and rest and len(gaps) != len(rest):
        raise _Conflict  # no telling which became which
    if gaps and rest:
        for index, other in zip(gaps, rest, strict=True):
            became[index] = other
        return became
    return [*became, *rest]
