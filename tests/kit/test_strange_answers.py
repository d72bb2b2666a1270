"""Whatever a function returns is judged: nothing makes the kit itself fail."""

import pytest

from grader import catalog as catalogs
from tests.kit.submissions import with_source

CATALOG = catalogs.load()
STRANGE = {
    "nothing": "None",
    "numbers": "3",
    "not a number": "float('nan')",
    "infinity": "[float('inf')] * 3",
    "text": "'x'",
    "empty list": "[]",
    "empty tuple": "()",
    "dict": "{'a': torch.ones(2), 3: None}",
    "pair of nothing": "(None, None)",
    "pair of lists": "([torch.ones(2, 3)], [torch.ones(2, 3)])",
    "pair of tensors": "(torch.ones(2, 3), torch.ones(2, 3))",
    "no data": "torch.empty(2, 3, device='meta')",
    "pair without data": "([torch.ones(2, 3, device='meta')], [torch.ones(2, 4, device='meta')])",
    "complex": "torch.ones(2, 3, dtype=torch.complex64)",
    "pair of complex": "([torch.ones(2, 5, dtype=torch.complex64)] * 3, (torch.ones(2, 4),))",
    "half": "torch.ones(2, 3, dtype=torch.bfloat16)",
    "true": "torch.ones(2, 3, dtype=torch.bool)",
    "no entries": "torch.ones(0, 3)",
    "one number": "torch.tensor(1.5)",
    "many dimensions": "torch.ones([1] * 30)",
    "sparse": "torch.eye(3).to_sparse()",
    "huge": "torch.zeros(()).expand(10**6, 10**6)",
    "numpy": "numpy.ones((2, 3))",
    "numpy of text": "numpy.array(['a', 'b'])",
    "deep": "functools.reduce(lambda inner, _: [inner], range(500), 1)",
    "class": "int",
    "generator": "(item for item in [torch.ones(2), 'x', None])",
    "pairs of nonsense": "[(torch.ones(1), 'x'), (1, 2), 3]",
    "vocabulary of nonsense": "([1, None, 'a'], {'a': 'b', 1: None})",
    "trained nonsense": "([torch.ones(2)] * 5, [float('nan')] * 5)",
    "itself": "arguments",
    "lists of lists": "[[1.0, 2.0], [3.0]]",
}


NAMES = CATALOG.names
# Each answer is tried in two exercises, so that all of them meet most answers in little time.
PAIRS = [
    (NAMES[(number + shift) % len(NAMES)], strange)
    for number, strange in enumerate(STRANGE)
    for shift in (0, 3)
]


@pytest.mark.parametrize(("exercise", "strange"), PAIRS)
def test_no_answer_is_the_kits_fault(engine, tmp_path, exercise, strange):
    """Every function returns something strange: the report is complete and has no `fault`."""
    lines = ["import functools", "import numpy", "import torch"]
    for function in CATALOG.exercise(exercise).functions:
        lines += [f"def {function.name}(*arguments, **named):", f"    return {STRANGE[strange]}"]
    folder = with_source(tmp_path, exercise, "\n".join(lines) + "\n")
    graded = engine.grade(folder, [exercise], 2, shrink=False)
    faults = {o.check.id: o.finding.fields for o in graded.outcomes.values() if o.status == "fault"}
    assert faults == {}
    assert len(graded.outcomes) >= sum(len(f.checks) for f in CATALOG.exercise(exercise).functions)
