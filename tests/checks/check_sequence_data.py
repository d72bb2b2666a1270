"""What the data functions must do: exercises/sequence_data.py as checks.

Corpora for the iterators are permutations, so that every number tells its own position.
"""

import torch

from grader.checking import answers, initial
from grader.checking.batches import Batch, batches, position_of
from grader.checking.cases import FEW, LARGEST, Case, Fill, spec
from grader.checking.comparison import agree, is_number, kind_of
from grader.checking.orders import what_repeats
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject, returned_tensors
from grader.findings import fail
from grader.sandbox.values import dtype_name
from grader.submission import Answer, Exercise
from tests.checks.corpora import corpora

reference = answers.reference("solutions.sequence_data")

EPOCHS = 7  # whose orders are looked at together


@spec("n q", largest={"n": 6, "q": 6}, large=True)
def indices(fill: Fill, n: int, q: int) -> dict:
    return {"x": fill.integers(q, n), "n_class": q}


@spec("n T q", largest={"q": 6}, large=True, usual=FEW)
def index_matrix(fill: Fill, n: int, T: int, q: int) -> dict:
    return {"X": fill.integers(q, n, T), "n_class": q}


@spec("n T", large=True)
def corpus(fill: Fill, n: int, T: int) -> dict:
    """Lengths around whole numbers of batches: there the borders are."""
    batches = fill.integer(1, 5) if n <= LARGEST["n"] else fill.integer(3, 4)
    length = max(1, n * T * batches + fill.integer(-1, 2))
    return _arguments(fill, length, n, T)


def _arguments(fill: Fill, length: int, n: int, T: int) -> dict:
    order = (fill.permutation(length) + 7).tolist()
    return {"corpus_indices": order, "batch_size": n, "num_steps": T, "device": None}


@spec("n T", generic={"n": 4, "T": 5}, largest={"n": 4, "T": 5})
def long_corpus(fill: Fill, n: int, T: int) -> dict:
    """Exactly 24 batches of windows: enough to see whether their order is fresh."""
    return _arguments(fill, 24 * n * T + 1, n, T)


ONE_HOT = Subject("sequence_data", "one_hot", reference.one_hot, indices, differentiable=False)
TO_ONEHOT = Subject(
    "sequence_data", "to_onehot", reference.to_onehot, index_matrix, wrap=list, differentiable=False
)
SUBJECTS = [ONE_HOT, TO_ONEHOT]
check_shape, check_values, _, _, check_purity, check_device = standard(SUBJECTS)


def _vocab(sequence_data: Exercise, text: str) -> tuple[Answer, list, dict]:
    answer = sequence_data.build_vocab.ask({"corpus": text})
    value = answer.value
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise fail("not_a_pair", answer=answer, kind=kind_of(value))
    characters, numbers = value
    if not isinstance(characters, (list, tuple)) or not isinstance(numbers, dict):
        kinds = f"{kind_of(characters)}, {kind_of(numbers)}"
        raise fail("not_a_vocabulary", answer=answer, kind=kinds)
    return answer, list(characters), numbers


def check_build_vocab_shape(sequence_data):
    """A list of characters and a dict from characters to numbers."""
    for text in corpora(sequence_data.submission.seed):
        answer, characters, numbers = _vocab(sequence_data, text)
        if not all(isinstance(c, str) for c in characters) or not all(
            isinstance(c, str) and is_number(i) for c, i in numbers.items()
        ):
            raise fail("not_a_vocabulary", answer=answer, kind="...")


def check_build_vocab_distinct(sequence_data):
    """Every character of the corpus stands in the list exactly once, and no other."""
    for text in corpora(sequence_data.submission.seed):
        answer, characters, _ = _vocab(sequence_data, text)
        if sorted(map(str, characters)) != sorted(set(text)):
            raise fail("vocabulary", answer=answer, expected=sorted(set(text)))


def check_build_vocab_inverse(sequence_data):
    """The dict gives each character's place in the list."""
    for text in corpora(sequence_data.submission.seed):
        answer, characters, numbers = _vocab(sequence_data, text)
        for index, character in enumerate(characters):
            found = numbers.get(character)
            if len(numbers) != len(characters) or not is_number(found) or int(found) != index:
                raise fail("not_inverse", answer=answer, character=character, index=index)


@over(indices)
def check_one_hot_dtype(sequence_data, case: Case) -> None:
    """The result has the dtype asked for, float32 if none is."""
    under = ONE_HOT.under(sequence_data.submission)
    for dtype in (None, torch.float64, torch.float32):
        changed = case if dtype is None else case.replace(dtype=dtype)
        answer = under.ask(changed, torch.float32)
        wanted = dtype_name(dtype or torch.float32)
        for tensor in returned_tensors(answer.value):
            if tensor.node.dtype != wanted:
                names = {"returned_dtype": tensor.node.dtype, "expected_dtype": wanted}
                raise fail("dtype", answer=answer, **names)
        _agree_one_hot(answer, case)


@over(indices)
def check_one_hot_integers(sequence_data, case: Case) -> None:
    """Whole numbers of any dtype will do: float32, int32, int64."""
    under = ONE_HOT.under(sequence_data.submission)
    for dtype in (torch.int64, torch.int32, torch.float32):
        x = case["x"].to(dtype)
        _agree_one_hot(under.ask(case.replace(x=x), torch.float32), case)


def _agree_one_hot(answer: Answer, case: Case) -> None:
    agree(answer, reference.one_hot(case["x"], case["n_class"]).double(), tolerance=1e-12)


@over(index_matrix)
def check_to_onehot_order(sequence_data, case: Case) -> None:
    """Matrix t belongs to column t of X, for whole numbers of any dtype; a network can read it."""
    under = TO_ONEHOT.under(sequence_data.submission)
    X = case["X"]
    wanted = [torch.eye(case["n_class"], dtype=torch.float64)[X[:, t]] for t in range(X.shape[1])]
    for dtype in (torch.int64, torch.float32):
        answer = under.ask(case.replace(X=X.to(dtype)), torch.float32)
        agree(answer, wanted, tolerance=1e-12)
        for tensor in returned_tensors(answer.value):
            if not tensor.node.dtype.startswith("float"):  # X @ W takes no whole numbers
                names = {"returned_dtype": tensor.node.dtype, "expected_dtype": "float32"}
                raise fail("dtype", answer=answer, **names)


# The iterators


def _windows(case: Case) -> int:
    return (len(case["corpus_indices"]) - 1) // case["num_steps"]


def _random(sequence_data: Exercise, case: Case) -> tuple[Answer, list[Batch]]:
    return batches(sequence_data.data_iter_random, case, _windows(case) // case["batch_size"])


def _consecutive(sequence_data: Exercise, case: Case) -> tuple[Answer, list[Batch]]:
    row = len(case["corpus_indices"]) // case["batch_size"]
    return batches(
        sequence_data.data_iter_consecutive, case, max(0, (row - 1) // case["num_steps"])
    )


def _is_shifted(answer: Answer, found: list[Batch], case: Case) -> None:
    """Y is X one position later, and X runs on without a gap."""
    place = position_of(case)
    for number, (X, Y) in enumerate(found):
        for x_row, y_row in zip(X, Y, strict=True):
            start = place.get(x_row[0])
            if start is None:
                raise fail("not_in_corpus", answer=answer, value=x_row[0], batch=number)
            run = case["corpus_indices"][start : start + len(x_row) + 1]
            if x_row != run[:-1]:
                raise fail("not_contiguous", answer=answer, expected=run[:-1], batch=number)
            if y_row != run[1:]:
                raise fail("not_shifted", answer=answer, expected=run[1:], batch=number)


@over(corpus)
def check_data_iter_random_shape(sequence_data, case: Case) -> None:
    """Pairs (X, Y) of (n, T): only full batches, as many as there are windows for."""
    _random(sequence_data, case)
    short = case["corpus_indices"][: case["num_steps"]]  # its last character has no next one
    batches(sequence_data.data_iter_random, case.replace(corpus_indices=short, batch_size=1), 0)


@over(corpus)
def check_data_iter_random_shifted(sequence_data, case: Case) -> None:
    """Every row is a run of the corpus, and Y is the same run one position later."""
    answer, found = _random(sequence_data, case)
    _is_shifted(answer, found, case)


@over(corpus)
def check_data_iter_random_windows(sequence_data, case: Case) -> None:
    """Windows start at multiples of T, and none is used twice."""
    answer, found = _random(sequence_data, case)
    place, seen = position_of(case), set()
    for X, _ in found:
        for row in X:
            start = place.get(row[0], -1)
            if start < 0 or start % case["num_steps"]:
                raise fail("window_start", answer=answer, start=start, steps=case["num_steps"])
            if start in seen:
                raise fail("window_twice", answer=answer, start=start)
            seen.add(start)


@over(long_corpus, 2)
def check_data_iter_random_all(sequence_data, case: Case) -> None:
    """An epoch over a whole number of batches uses every window."""
    answer, found = _random(sequence_data, case)
    place = position_of(case)
    used = {place.get(row[0]) for X, _ in found for row in X}
    missing = sorted(set(range(0, _windows(case) * case["num_steps"], case["num_steps"])) - used)
    if missing:
        raise fail("window_missing", answer=answer, start=missing[0])


@over(long_corpus, 1)
def check_data_iter_random_fresh(sequence_data, case: Case) -> None:
    """Every epoch has an order of its own, and it is not the corpus's."""
    place = position_of(case)
    orders = []
    for _ in range(EPOCHS):
        answer, found = _random(sequence_data, case)
        orders.append([place.get(row[0], -1) for X, _ in found for row in X])
    code = what_repeats(orders)
    if code:
        raise fail(code, answer=answer)


def _accepts_tensor(function, case: Case, expected: int) -> list[Batch]:
    """A corpus as an int64 tensor gives the same kind of batches, and is left as it was."""
    tensor = torch.tensor(case["corpus_indices"])
    answer, _ = batches(function, case, expected)
    for given in (answer, batches(function, case.replace(corpus_indices=tensor), expected)[0]):
        if given.mutated:
            raise fail("mutated", answer=given, arguments=", ".join(given.mutated))
    answer, found = batches(function, case.replace(corpus_indices=tensor), expected)
    _is_shifted(answer, found, case)
    return found


@over(corpus, 4)
def check_data_iter_random_corpus(sequence_data, case: Case) -> None:
    """The corpus may be a list or a tensor; it is not changed."""
    expected = _windows(case) // case["batch_size"]
    _accepts_tensor(sequence_data.data_iter_random, case, expected)


@over(corpus, 2)
def check_data_iter_random_device(sequence_data, case: Case) -> None:
    """X and Y are made on the device asked for."""
    _random(sequence_data, case)
    _on_meta(sequence_data.data_iter_random, case)


def _on_meta(function, case: Case) -> None:
    arguments = {name: value for name, value in case.arguments.items() if name != "device"}
    initial.batches_on_meta(function, arguments)


@over(corpus)
def check_data_iter_consecutive_shape(sequence_data, case: Case) -> None:
    """Pairs (X, Y) of (n, T): only full batches, as many as fit."""
    _consecutive(sequence_data, case)


@over(corpus)
def check_data_iter_consecutive_shifted(sequence_data, case: Case) -> None:
    """Every row is a run of the corpus, and Y is the same run one position later."""
    answer, found = _consecutive(sequence_data, case)
    _is_shifted(answer, found, case)


@over(corpus)
def check_data_iter_consecutive_values(sequence_data, case: Case) -> None:
    """The corpus lies in n rows of len // n, and the batches are cut from left to right."""
    answer, found = _consecutive(sequence_data, case)
    wanted = list(reference.data_iter_consecutive(*case.arguments.values()))
    for number, ((X, Y), (X_wanted, Y_wanted)) in enumerate(zip(found, wanted, strict=True)):
        for name, rows, right in (("X", X, X_wanted), ("Y", Y, Y_wanted)):
            if rows != right.long().tolist():
                part = f"{name} of batch {number}"
                raise fail("batch_values", answer=answer, expected=right.long(), part=part)


@over(long_corpus, 2)
def check_data_iter_consecutive_continues(sequence_data, case: Case) -> None:
    """Row i of a batch goes on where row i of the batch before it ended."""
    answer, found = _consecutive(sequence_data, case)
    place = position_of(case)
    for number, ((_, Y), (X, _)) in enumerate(zip(found, found[1:], strict=False), 1):
        for row, (before, after) in enumerate(zip(Y, X, strict=True)):
            if place.get(before[-1], -2) != place.get(after[0], -1):
                raise fail("does_not_continue", answer=answer, row=row, batch=number)


@over(corpus, 4)
def check_data_iter_consecutive_corpus(sequence_data, case: Case) -> None:
    """The corpus may be a list or a tensor; it is not changed."""
    row = len(case["corpus_indices"]) // case["batch_size"]
    expected = max(0, (row - 1) // case["num_steps"])
    _accepts_tensor(sequence_data.data_iter_consecutive, case, expected)


@over(corpus, 2)
def check_data_iter_consecutive_device(sequence_data, case: Case) -> None:
    """X and Y are made on the device asked for."""
    _consecutive(sequence_data, case)
    _on_meta(sequence_data.data_iter_consecutive, case)
