"""Checks that the three recurrent exercises share: gates, ``get_params``, first states."""

from collections.abc import Callable, Sequence

import torch

from grader.checking import initial
from grader.checking.cases import Case, CaseSpec
from grader.checking.comparison import agree, compare, numbers_of, pairs
from grader.checking.fill import Fill
from grader.checking.properties import ask, parametrised
from grader.checking.running import run_over, taking
from grader.checking.subjects import Subject, SubjectUnderCheck
from grader.findings import fail
from grader.submission import Answer, Exercise, Returned

FAR = 40.0  # a bias beyond which σ and tanh are at their ends in float64
SIZES = {"num_inputs": 100, "num_hiddens": 50, "num_outputs": 110}
MORE = 7  # by so much at most a size grows with the seed
SMALL = {"num_inputs": 2, "num_hiddens": 1, "num_outputs": 3}


def saturation(low: float) -> Callable:
    """A check that an activation's ends are ``low`` and 1, whatever the rest of the input is."""

    def saturation(under: SubjectUnderCheck, case: Case) -> None:
        """A huge positive bias gives 1, a huge negative one the lower end: σ 0, tanh −1."""
        bias = list(case.arguments)[-1]
        for sign, end in ((1.0, 1.0), (-1.0, low)):
            far = torch.full_like(case[bias], sign * FAR)
            answer, (matrix,) = ask(under, case, **{bias: far})
            wanted = torch.full_like(matrix, end)
            difference = compare("", Returned(None, matrix), wanted, 1e-6)  # type: ignore[arg-type]
            if difference is not None:
                stopped = fail("saturation", answer=answer, bias=bias, sign=sign, end=end)
                stopped.finding.difference = difference
                raise stopped

    return saturation


def gate_saturation(subjects: Sequence[Subject], low: float = 0.0) -> Callable:
    """``check_saturation[function]`` for gates (low 0) and tanh cells (low −1)."""
    return parametrised(saturation(low), subjects)


def parameter_checks(
    names: Sequence[str],
    shapes: Callable[..., list[tuple[int, ...]]],
    sizes: dict[str, int] = SIZES,
    others: Sequence[dict[str, int]] = (SMALL,),
) -> dict:
    """The checks of an exercise's ``get_params``, by their names in the check file.

    Args:
        names: the parameters' names in their order, for ``sizes``; biases begin with ``b_``.
        shapes: (d, h, q), or whatever ``sizes`` has, to the shapes in the same order.
        sizes: the arguments with which values are looked at, or a few more, by the seed.
        others: further arguments with which shapes are.
    """
    names = list(names)
    weights = [index for index, name in enumerate(names) if name.startswith("W")]
    biases = [index for index, name in enumerate(names) if name.startswith("b")]

    def drawn(exercise: Exercise) -> tuple[Answer, list[Returned]]:
        given = drawn_sizes(exercise.submission.seed, sizes)
        answer = exercise.get_params.ask({**given, "device": None})
        initial.has_shapes(answer, names, shapes(*given.values()))
        return answer, initial.parameters_of(answer)

    def shape(exercise: Exercise) -> None:
        """The parameters are all there, in the order of the notes, with their shapes."""
        drawn(exercise)
        for other in others:
            answer = exercise.get_params.ask({**other, "device": None})
            wanted = shapes(*other.values())
            initial.has_shapes(answer, names[: len(wanted) - 2] + names[-2:], wanted)

    def trainable(exercise: Exercise) -> None:
        """Every parameter is a leaf that requires a gradient, in float32."""
        answer = exercise.get_params.ask({**sizes, "device": None})
        initial.is_trainable(answer, names, initial.parameters_of(answer))

    def weights_normal(exercise: Exercise) -> None:
        """The weights are samples of N(0, 0.01²)."""
        answer, found = drawn(exercise)
        for index in weights:
            initial.is_normal(answer, names[index], [found[index]])
        initial.is_normal(answer, "W", [found[index] for index in weights])

    def biases_zero(exercise: Exercise) -> None:
        """The biases are zero, and the weights are not."""
        answer, found = drawn(exercise)
        initial.is_zero(answer, [names[i] for i in biases], [found[i] for i in biases])
        if not any(bool(numbers_of(found[index]).any()) for index in weights):
            raise fail("weights_zero", answer=answer)

    def fresh(exercise: Exercise) -> None:
        """No two weights share memory or values, and each call draws new ones."""
        first, found = drawn(exercise)
        initial.are_separate(first, names, found)
        second, _ = drawn(exercise)
        initial.are_fresh(second, names, found)

    def device(exercise: Exercise) -> None:
        """The argument ``device`` is used for every parameter."""
        initial.on_meta(exercise.get_params, sizes, names)

    bodies = (shape, trainable, weights_normal, biases_zero, fresh, device)
    return {f"check_get_params_{body.__name__}": body for body in bodies}


def drawn_sizes(seed: int, least: dict) -> dict:
    """These sizes or a few more, by the seed; small ones, as of layers, stay as they are."""
    more = Fill(seed).integer
    return {name: size + more(0, MORE) if size > MORE else size for name, size in least.items()}


def state_checks(function: str, count: int | str, spec: CaseSpec) -> dict:
    """The checks of ``init_*_state``: a tuple of zeros (n, h) on the device asked for.

    Args:
        count: how many matrices, or the letter of the size that says it.
    """

    def how_many(case: Case) -> int:
        return case.sizes[count] if isinstance(count, str) else count

    def zeros(case: Case) -> tuple[torch.Tensor, ...]:
        shape = (case.sizes["n"], case.sizes["h"])
        return tuple(torch.zeros(shape, dtype=torch.float64) for _ in range(how_many(case)))

    def over_cases(exercise: Exercise, body: Callable[[Case], None]) -> None:
        run_over(exercise, spec, body, 6, whole=True)

    def shape(exercise: Exercise) -> None:
        """A tuple of matrices (n, h): a state is never a bare tensor."""

        def body(case: Case) -> None:
            pairs(exercise.function(function).ask(case.arguments), zeros(case))

        over_cases(exercise, body)

    def values(exercise: Exercise) -> None:
        """Zeros, as floating numbers, each matrix with memory of its own."""

        def body(case: Case) -> None:
            answer = exercise.function(function).ask(case.arguments)
            matched = agree(answer, zeros(case), tolerance=1e-300)
            for _, tensor, _ in matched:
                if not tensor.node.dtype.startswith("float"):
                    names = {"returned_dtype": tensor.node.dtype, "expected_dtype": "float32"}
                    raise fail("dtype", answer=answer, **names)
            parts = [f"state[{index}]" for index in range(how_many(case))]
            initial.are_separate(answer, parts, [tensor for _, tensor, _ in matched])
            again = exercise.function(function).ask(case.arguments)
            initial.are_new(again, answer, parts)

        over_cases(exercise, body)

    def device(exercise: Exercise) -> None:
        """The argument ``device`` is used."""
        values(exercise)
        case = spec.generic_case(spec.seed(exercise.submission.seed))
        names = [f"state[{index}]" for index in range(how_many(case))]
        initial.on_meta(exercise.function(function), case.arguments, names)

    return {f"check_{function}_{body.__name__}": body for body in (shape, values, device)}


def with_fixture(checks: dict[str, Callable], exercise: str) -> dict[str, Callable]:
    """The same checks as pytest functions that take the fixture called ``exercise``."""
    return {name: taking(exercise, body, name) for name, body in checks.items()}
