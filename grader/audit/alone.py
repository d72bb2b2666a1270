"""Known mistakes as people make them: alone in a file, and inside the function that uses a helper.

All are named by the report, or the audit says which are not. A file holds a mistake of each of an
exercise's functions; none of them calls another, for what they call stands inside them.
"""

from collections.abc import Iterable, Iterator

from grader import catalog as catalogs
from grader.misconceptions import Misconception, misconceptions
from grader.misconceptions.inline import alone, inlined


def own(exercise: str) -> list[Misconception]:
    """The known mistakes of an exercise's functions."""
    return misconceptions(exercise)


def inside(exercise: str) -> list[Misconception]:
    """Those of helpers, in the functions of an exercise that use them."""
    functions = catalogs.load().exercise(exercise).functions
    return [known for f in functions for known in inlined(exercise, f.name)]


def files(mistakes: Iterable[Misconception]) -> Iterator[list[Misconception]]:
    """The mistakes put together, one of each function."""
    columns: dict[str, list[Misconception]] = {}
    for known in mistakes:
        columns.setdefault(known.function, []).append(known)
    for number in range(max(map(len, columns.values()), default=0)):
        yield [column[number] for column in columns.values() if number < len(column)]


def source(mistakes: Iterable[Misconception]) -> str:
    """The text of a file with nothing but these functions and their imports."""
    return "\n\n".join(alone(known) for known in mistakes)
