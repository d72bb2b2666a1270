"""Paths and commands as a user would type them."""

import os
import shlex

from grader.report.cleaning import clean_line

DEFAULT_FOLDER = "exercises"


def path_of(submission: str, file: str) -> str:
    """A file of the submission as the user would type it."""
    return os.path.join(clean_line(submission), clean_line(file, 120))


def grade_command(exercises: list[str], submission: str, seed: int | None = None) -> str:
    """``make grade`` for these exercises of a submission, with a seed that is not the default."""
    words = [] if seed is None else [f"GRADER_SEED={seed}"]
    return " ".join([*words, command("grade", exercises, submission)])


def command(verb: str, exercises: list[str], submission: str, function: str | None = None) -> str:
    """``make VERB`` for these exercises, or one function, of a submission."""
    words = ["make", verb]
    if exercises:
        words.append(f"EX={shlex.quote(' '.join(exercises))}")
    if function:
        words.append(f"FN={function}")
    folder = clean_line(submission).rstrip("/")
    if folder != DEFAULT_FOLDER:
        words.append(f"SUBMISSION={shlex.quote(folder)}")
    return " ".join(words)
