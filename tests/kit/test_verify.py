"""The proof of the checks: what is right passes, what is wrong is caught, and where it is wrong.

Here a part of the correct styles and of the wrong versions is tried; ``make audit`` and ``make
verify`` try them all.
"""

import ast
import os

import pytest

from grader import catalog as catalogs
from grader import misconceptions
from tests.kit.submissions import (
    SOLUTIONS,
    STYLES,
    not_passed,
    score,
    statuses,
    told,
    with_mistakes,
    with_source,
)

SEEDS = int(os.environ.get("VERIFY_SEEDS", "1"))
EXERCISES = catalogs.load().names
FUNCTIONS = sorted(catalogs.load().functions)
STYLE_FOLDERS = sorted(path for path in STYLES.iterdir() if path.is_dir())
ALL = os.environ.get("VERIFY_ALL") == "1"
STYLE_STEP, ROUND_STEP, BLAME_STEP = (1, 1, 1) if ALL else (12, 40, 5)
BLAMED = {"failed", "error", "timeout", "not_started"}


def seeds_for(name: str) -> list[int]:
    """As many seeds as asked for; each file has others, so that together they cover many."""
    start = sum(map(ord, name)) * 101
    return list(range(start, start + SEEDS))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_solutions_have_full_marks(engine, exercise):
    """The reference loses no point, whatever the seed."""
    for seed in seeds_for(exercise):
        graded = engine.grade(SOLUTIONS, [exercise], seed)
        assert not_passed(graded) == {}, f"seed {seed}"


def test_untouched_stubs_earn_nothing(engine, catalog):
    """Every check of an untouched exercise is `not_started`."""
    graded = engine.grade(catalogs.ROOT / "exercises")
    assert {outcome.status for outcome in graded.outcomes.values()} == {"not_started"}
    assert set(graded.outcomes) == {c.id for f in catalog.functions.values() for c in f.checks}
    assert score(graded)[0] == 0


@pytest.mark.parametrize("folder", STYLE_FOLDERS[::STYLE_STEP], ids=lambda p: p.name)
def test_correct_code_in_any_style_has_full_marks(engine, folder):
    """Correct code loses no point for the way it is written."""
    exercises = [name for name in EXERCISES if (folder / f"{name}.py").exists()]
    for seed in seeds_for(folder.name):
        graded = engine.grade(folder, exercises, seed, isolated=False)
        assert not_passed(graded) == {}, f"seed {seed}"


def test_every_exercise_is_tried_in_many_styles():
    """At least twelve styles of each of the first six exercises, eight of each later one."""
    for number, exercise in enumerate(EXERCISES):
        least = 12 if number < 6 else 8
        assert len(list(STYLES.glob(f"*/{exercise}.py"))) >= least, exercise


def _own_needs(key: str) -> list[str]:
    """The functions of its own exercise that a function calls."""
    function = catalogs.load().functions[key]
    return [need for need in function.needs if need.startswith(f"{function.exercise}.")]


def _rounds(exercise: str) -> list[list]:
    """Wrong versions put together so that none can hide another.

    Functions that call no other of the exercise can be wrong at the same time; those that do are
    wrong alone.
    """
    by_function: dict[str, list] = {}
    for mistake in misconceptions.misconceptions(exercise):
        by_function.setdefault(mistake.function, []).append(mistake)
    leaves = {f: m for f, m in by_function.items() if not _own_needs(f"{exercise}.{f}")}
    together = [
        [mistakes[number] for mistakes in leaves.values() if number < len(mistakes)]
        for number in range(max(map(len, leaves.values()), default=0))
    ]
    alone = [[m] for f, mistakes in by_function.items() if f not in leaves for m in mistakes]
    return together + alone


ROUNDS = [(exercise, mistakes) for exercise in EXERCISES for mistakes in _rounds(exercise)]
TRIED = list(enumerate(ROUNDS))[::ROUND_STEP]


@pytest.mark.parametrize(
    ("exercise", "mistakes"), [each for _, each in TRIED], ids=[f"{e}-{i}" for i, (e, _) in TRIED]
)
def test_wrong_versions_are_caught(engine, tmp_path, exercise, mistakes):
    """A wrong function loses points in checks of its own, and is never taken for another."""
    folder = with_mistakes(tmp_path, exercise, mistakes)
    keys = {f"{exercise}.{mistake.function}" for mistake in mistakes}
    options = {"shrink": False, "first": True, "isolated": False, "diagnosed": True}
    graded = engine.grade(folder, [exercise], 7, functions=keys, **options)
    for mistake in mistakes:
        key = f"{exercise}.{mistake.function}"
        assert statuses(graded, key) & BLAMED, f"{mistake.id} is not caught"
        assert mistake.id in told(graded, key, mistake.id)
    assert not any(outcome.status == "fault" for outcome in graded.outcomes.values())


@pytest.mark.parametrize("key", FUNCTIONS[::BLAME_STEP])
def test_blame_falls_on_the_function_at_fault_alone(engine, tmp_path, catalog, key):
    """With one function wrong, others pass or wait for it; they are never blamed."""
    exercise, function = key.split(".")
    mistake = misconceptions.misconceptions(exercise, function)[0]
    folder = with_mistakes(tmp_path, exercise, [mistake])
    others = {key, *_dependents(key)}
    graded = engine.grade(folder, [exercise], 3, functions=others, shrink=False)
    for outcome in graded.outcomes.values():
        if outcome.check.function != function:
            assert outcome.status in ("passed", "blocked"), (outcome.check.id, mistake.id)
            if outcome.status == "blocked":
                assert outcome.blocked_by == [function]


def _dependents(key: str) -> list[str]:
    """The functions of its exercise that call a function, themselves or through others."""
    exercise = key.split(".")[0]
    found, queue = [], [key]
    while queue:
        need = queue.pop()
        for function in catalogs.load().exercise(exercise).functions:
            if need in function.needs and function.key not in found:
                found.append(function.key)
                queue.append(function.key)
    return found


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_syllabus_names_every_function_that_another_calls(exercise):
    """What a solution's function calls stands in its `needs`, so that blame can go there."""
    functions = catalogs.load().functions
    homes = {key.split(".")[1]: key for key in functions if key.startswith(f"{exercise}.")}
    tree = ast.parse((SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            homes.update({name.name: f"{node.module}.{name.name}" for name in node.names})
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and f"{exercise}.{node.name}" in functions:
            used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            called = {home for name, home in homes.items() if name in used} & set(functions)
            needs = set(functions[f"{exercise}.{node.name}"].needs)
            assert called - {f"{exercise}.{node.name}"} <= needs, node.name


def test_enough_wrong_versions_for_every_function():
    """At least six of every function, and 120 in all."""
    counts = {key: len(misconceptions.misconceptions(*key.split("."))) for key in FUNCTIONS}
    assert {key: n for key, n in counts.items() if n < 6} == {}
    assert sum(counts.values()) >= 120


EMPTY_ANSWERS = '''

def _emptied(function, number):
    """The right structure and shapes with nothing in them."""
    import torch

    def empty(value):
        if isinstance(value, torch.Tensor):
            like = value.detach()
            leaf = value.requires_grad and value.is_leaf
            return (torch.zeros_like(like) + number).to(like.dtype).requires_grad_(leaf)
        if isinstance(value, torch.nn.ParameterList):
            return [empty(item) for item in value]
        if isinstance(value, (list, tuple)):
            return type(value)(empty(item) for item in value)
        if isinstance(value, float):
            return float(number)
        if isinstance(value, dict):
            return {key: 0 for key in value}
        return value if isinstance(value, int) or value is None else "?" * len(value)

    def wrapper(*arguments, **named):
        result = function(*arguments, **named)
        if hasattr(result, "__next__"):
            return (empty(item) for item in result)
        return empty(result)

    return wrapper
'''
IN_PLACE = {"training.grad_clipping", "training.sgd", "training.train_epoch"}


@pytest.mark.parametrize("key", FUNCTIONS)
def test_an_empty_answer_of_the_right_shape_earns_a_fifth_at_most(engine, tmp_path, key):
    """Shape, purity and device are worth little while values and gradients are wrong."""
    exercise, function = key.split(".")
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    if key in IN_PLACE:
        source += f"\n\ndef {function}(*arguments, **named):\n    return 1.0\n"
    else:
        source += EMPTY_ANSWERS + f"\n\n{function} = _emptied({function}, 1.0)\n"
    folder = with_source(tmp_path, exercise, source)
    earned, points = score(engine.grade(folder, [exercise], 5, functions={key}, shrink=False), key)
    assert points > 0
    assert earned * 5 <= points, f"{earned} of {points}"
