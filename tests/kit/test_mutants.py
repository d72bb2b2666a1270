"""The mutants of the reference: each operator does its own kind of change, and nothing else."""

import ast
from collections import Counter

import pytest

from grader import catalog as catalogs
from grader.audit.mutants import Mutant, mutants
from grader.audit.places import OPERATORS

# operator, the code of f(a, b, c=None, *args), and what comes in its place.
TABLE = [
    ("swap_operator", "return a + b - c", ["a + b + c", "a - b"]),
    ("swap_operator", "return a * b / c", ["a * b * c", "a / b"]),
    ("swap_operator", "return a // b", ["a / b"]),
    ("swap_operator", "return a % b", ["a // b"]),
    ("swap_operator", "return a ** b", ["a * b"]),
    ("swap_operator", "return a @ b", ["a * b"]),
    ("swap_operator", "a *= b", ["a /= b"]),
    ("swap_operator", "return a and b", ["a or b"]),
    ("swap_comparison", "return a < b", ["a <= b"]),
    ("swap_comparison", "return a >= b", ["a > b"]),
    ("swap_comparison", "return a == b != c", ["a != b != c", "a == b == c"]),
    ("swap_comparison", "return a in b", ["a not in b"]),
    ("swap_comparison", "return a is not b", ["a is b"]),
    ("swap_operands", "return a @ (b @ c)", ["b @ c @ a", "c @ b"]),
    ("swap_operands", "return a - b", ["b - a"]),
    ("swap_operands", "return a + b", []),
    ("drop_term", "return a + b", ["a", "b"]),
    ("drop_term", "return a - b", ["a", "b", "-b"]),
    ("drop_term", "return a - (b + c)", ["a", "b + c", "-(b + c)", "b", "c"]),
    ("drop_term", "return a / b", ["a"]),
    ("drop_term", "return a or b", ["a", "b"]),
    ("drop_sign", "return [-a, not b, -1]", ["a", "b"]),
    ("change_integer", "return a[0], 3", ["1", "-1", "4", "2"]),
    ("change_integer", "return a[-1]", ["0", "-2"]),
    ("change_float", "return a * 0.01 + 0.0", ["0.02", "1.0"]),
    ("swap_truth", "return g(k=True, j=None)", ["False"]),
    ("drop_bound", "return a[b:c]", [":c", "b:"]),
    ("drop_bound", "return a[::b]", ["::"]),
    ("replace_call", "return torch.sigmoid(a)", ["torch.tanh(a)"]),
    ("replace_call", "return a.sum(dim=0)", ["a.mean(dim=0)"]),
    ("replace_call", "return max(a)", ["min(a)"]),
    ("replace_call", "return tanh(a)", []),
    ("replace_call", "return nn.LSTM(a)", ["nn.GRU(a)", "nn.RNN(a)"]),
    ("drop_call", "return torch.relu(a, b)", ["a"]),
    ("drop_call", "return a.exp(b)", ["a"]),
    ("drop_call", "return reversed(a)", ["a"]),
    ("drop_call", "a.append(b)", []),
    ("drop_call", "with torch.no_grad(): pass", []),
    ("replace_dtype", "return torch.float32", ["torch.float64"]),
    ("drop_transpose", "return (a + b).T", ["a + b"]),
    ("swap_arguments", "return g(a, b, k=c)", ["g(b, a, k=c)"]),
    ("swap_arguments", "return g(a, *args)", ["g(*args, a)"]),
    ("drop_keyword", "return g(a, k=b, j=c)", ["g(a, j=c)", "g(a, k=b)"]),
    ("replace_name", "return a.b + g(k=c)", ["b", "a"]),
    ("replace_name", "a(d)", []),
    ("swap_elements", "a, b = b, a", ["(b, a)", "(a, b)"]),
    ("swap_elements", "return [a, b, c]", ["[b, a, c]", "[a, c, b]"]),
    ("swap_elements", "return a[:, b]", ["a[b, :]"]),
    ("swap_values", "return {1: a, 2: b}", ["{1: b, 2: a}"]),
    ("invert_dict", "return {x: y for x, y in a}", ["{y: x for x, y in a}"]),
    ("drop_element", "return a, b", ["(b,)", "(a,)"]),
    ("drop_element", "return (a,)", ["a"]),
    ("drop_element", "a, b = c", []),
    ("fix_condition", "while a < b: a += 1", ["True", "False"]),
    ("fix_condition", "return a if b else c", ["True", "False"]),
    ("swap_branches", "return a if b else c", ["c if b else a"]),
    ("drop_filter", "return [x for x in a if x]", ["for x in a"]),
    ("change_loop", "for x in a: g(x)", ["list(a)[::-1]", "list(a)[1:]", "list(a)[:-1]"]),
    ("change_loop", "return [b for _ in a]", ["list(a)[1:]"]),
    ("insert_detach", "d = g(a)", ["g(a).detach()"]),
    ("insert_detach", "d = a @ b + c", ["(a @ b + c).detach()"]),
    ("insert_detach", "return a, (b,)", ["a.detach()", "b.detach()"]),
    ("insert_detach", "return tuple(x * b for x in a)", ["(x * b).detach()"]),
    ("insert_detach", "a.append(b)", ["b.detach()"]),
    ("insert_detach", "d = len(a); e = b; f = g(d) // 2", []),
    ("drop_statement", "a.append(b)", ["pass"]),
    ("drop_statement", "b *= c", ["pass"]),
    ("drop_statement", "a, b = c", ["pass"]),
    ("drop_statement", "a.grad = None", ["pass"]),
    ("drop_statement", "d = a", []),
    ("drop_target", "a = b = c", ["b = c", "a = c"]),
    ("plain_assignment", "a -= b", ["a = b", "a = a - b"]),
    ("swap_jump", "for x in a: break", ["continue"]),
    (
        "lower_precision",
        "return torch.tanh(a @ b)",
        [
            "(a.half() @ b.half()).float() if a.dtype == torch.float32 else a @ b",
            "(a.bfloat16() @ b.bfloat16()).float() if a.dtype == torch.float32 else a @ b",
            "(a.view(torch.int32) + 4096 & -8192).view(torch.float32) @ b"
            " if a.dtype == torch.float32 else a @ b",
            "torch.autocast('cpu', torch.bfloat16)(lambda: a @ b)().float()"
            " if a.dtype == torch.float32 else a @ b",
            "(a.float() @ b.float()).to(a.dtype)",
        ],
    ),
    ("lower_precision", "return a * b", []),  # two numbers, for all one can tell
    (
        "lower_operand",
        "return torch.addmm(a, b, c)",
        [
            "torch.addmm(a, b.half().float() if b.dtype == torch.float32 else b, c)",
            "torch.addmm(a, b.bfloat16().float() if b.dtype == torch.float32 else b, c)",
            "torch.addmm(a, (b.view(torch.int32) + 4096 & -8192).view(torch.float32)"
            " if b.dtype == torch.float32 else b, c)",
        ],
    ),
]
BLOCKS = [
    ("empty_branch", "if a:\n    g(a)\nelse:\n    g(b)", ["pass", "pass"]),
    ("empty_branch", "if a:\n    g(a)", []),
    ("unwrap_with", "with g(a):\n    b += 1\n    c += 1", ["b += 1; c += 1"]),
    ("swap_statements", "b = a\nc = b", ["c = b; b = a"]),
    ("swap_statements", "d = a\ne = d", []),
    ("swap_statements", "b = g(a)\nc = g(a)", []),
    ("swap_statements", "d = 1\ng(a)\nreturn d", ["g(a); d = 1"]),
]
IMPORTS = "import torch\nfrom torch import nn\n\n\n"
UNTOUCHED = '''"""A module: 1 + 2."""

from typing import TypeAlias

__all__ = ["f", "g"]
Pair = tuple[int, int]
Many: TypeAlias = list[int]


@cache(1)
def f(a: Annotated[int, 3 + 4], b: Literal[5] = None) -> Literal[6]:
    """Docstring: 7."""
    c: Literal[8]
    if a:
        raise ValueError(f"no {a + 9}")
'''


def _of(body: str) -> list[Mutant]:
    lines = "\n".join("    " + line for line in body.splitlines())
    return mutants("toy", f"{IMPORTS}def f(a, b, c=None, *args):\n{lines}\n", ["f"])


@pytest.fixture(scope="module")
def every() -> dict[str, list[Mutant]]:
    """The mutants of every solution."""
    return {e.name: _of_solution(e) for e in catalogs.load().exercises}


def _of_solution(exercise: catalogs.Exercise, above: str = "") -> list[Mutant]:
    source = (catalogs.ROOT / "solutions" / f"{exercise.name}.py").read_text(encoding="utf-8")
    return mutants(exercise.name, above + source, [f.name for f in exercise.functions])


@pytest.mark.parametrize(("operator", "body", "expected"), TABLE + BLOCKS)
def test_an_operator_makes_exactly_these_mutants(operator, body, expected):
    """Each operator on one small statement: all that it makes, in this order."""
    found = [" ".join(m.after.split()) for m in _of(body) if m.operator == operator]
    assert [text.replace(" ", "") for text in found] == [t.replace(" ", "") for t in expected]


def test_every_operator_has_a_row():
    """The table above leaves no operator out, and names none that does not exist."""
    assert {row[0] for row in TABLE + BLOCKS} == set(OPERATORS)


@pytest.mark.parametrize(
    ("body", "after", "line"),
    [
        ("return (a + b) * c", "a", "return a * c"),
        ("return a - (b + c) * 2", "b + c", "return a - (b + c)"),
        ("return a @ (b @ c)", "(b @ c) @ a", "return (b @ c) @ a"),
        ("return -(a if b else c)", "a if b else c", "return a if b else c"),
        (
            "return (\n    a\n    + b\n    + c\n)",
            "a + b",
            "return (\n        a\n        + b\n    )",
        ),
        ("return a ** (b + 1)", "b", "return a ** b"),
    ],
)
def test_brackets_keep_the_meaning(body, after, line):
    """What is grafted is bracketed where it must be: the file says what `after` says."""
    wanted = ast.dump(ast.parse(f"def f():\n    {line}\n").body[0].body[0])
    sources = [m.source for m in _of(body) if _same_code(m.after, after)]
    assert wanted in [ast.dump(ast.parse(source).body[-1].body[0]) for source in sources]


def _same_code(one: str, two: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(two))
    except SyntaxError:
        return False


def test_before_and_after_tell_the_change():
    """A mutant shows the smallest code that differs, and the line where it stands."""
    (mutant,) = [m for m in _of("d = 1\nreturn g(a, k=d)") if m.operator == "drop_keyword"]
    assert (mutant.before, mutant.after) == ("g(a, k=d)", "g(a)")
    assert mutant.line == 7
    assert mutant.source == f"{IMPORTS}def f(a, b, c=None, *args):\n    d = 1\n    return g(a)\n"


def test_docstrings_annotations_and_errors_stay():
    """Only the condition of this module can change."""
    assert [(m.operator, m.after) for m in mutants("toy", UNTOUCHED, ["f"])] == [
        ("fix_condition", "True"),
        ("fix_condition", "False"),
    ]


def test_mutants_say_what_changed_on_one_line(every):
    """What is shown differs, and fits a table."""
    for mutant in (m for found in every.values() for m in found):
        assert mutant.before != mutant.after, mutant.id
        assert "\n" not in mutant.before + mutant.after, mutant.id


@pytest.mark.parametrize("exercise", ["parameters", "rnn", "concise"])
def test_mutants_differ_from_the_original_and_from_each_other(every, exercise):
    """No program of a function comes twice, and the reference's not at all; each compiles."""
    path = catalogs.ROOT / "solutions" / f"{exercise}.py"
    programs = {ast.dump(ast.parse(path.read_text(encoding="utf-8")))}
    for mutant in every[exercise]:
        tree = ast.parse(mutant.source)
        compile(tree, mutant.id, "exec")
        programs.add(ast.dump(tree))
    assert len(programs) == len(every[exercise]) + 1


def test_equal_changes_come_once():
    """Two ways to the same code are one mutant."""
    assert [m.after for m in _of("return a and a")].count("a") == 1


def test_helpers_and_constants_have_their_own_names():
    """A change in what is not graded is not booked on a graded function."""
    source = "LIMIT = 3\n\n\ndef f(a):\n    return _g(a)\n\n\ndef _g(a):\n    return a + LIMIT\n"
    found = {m.function for m in mutants("toy", source, ["f"])}
    assert found == {"LIMIT", "f", "_g"}


def test_methods_belong_to_their_class():
    """A graded class owns what changes in its methods."""
    source = "class Net:\n    def forward(self, X):\n        return X.T\n"
    assert {m.function for m in mutants("toy", source, ["Net"])} == {"Net"}


def test_a_missing_function_is_an_error():
    """A graded name that the solution lacks is the teacher's mistake, and is named."""
    with pytest.raises(ValueError, match="toy: the solution lacks g, h"):
        mutants("toy", "def f():\n    return 1\n", ["f", "h", "g"])


def test_names_are_unique_and_do_not_move(every, catalog):
    """An id names one mutant, and a comment further up changes only its line."""
    names = [m.id for found in every.values() for m in found]
    assert len(set(names)) == len(names)
    moved = _of_solution(catalog.exercise("rnn"), above="# a comment\n")
    here = [(m.id, m.line + 1, m.before, m.after) for m in every["rnn"]]
    assert [(m.id, m.line, m.before, m.after) for m in moved] == here


def test_there_are_enough_and_not_too_many(every, catalog):
    """Every graded function has at least eight mutants, and all of them can be run."""
    counts = Counter((m.exercise, m.function) for found in every.values() for m in found)
    few = {f.key: counts[f.exercise, f.name] for f in catalog.functions.values()}
    assert {key: count for key, count in few.items() if count < 8} == {}
    assert sum(counts.values()) <= 2500
