"""Paths, places and commands as a user would type them.

A place is written as editors read it, ``exercises/gru.py:42``, seen from the folder that the
command was given in: a click in the terminal opens the line.
"""

import os
import shlex

from grader.findings import Place
from grader.locale import Texts
from grader.report.cleaning import clean_line

DEFAULT_FOLDER = "exercises"
FROM_NOTEBOOK = "GRADER_IN_NOTEBOOK"  # set: commands are those of a notebook's cells
_NOTEBOOK = ".ipynb"


def path_of(submission: str, file: str) -> str:
    """A file of the submission as the user would type it."""
    if submission.endswith(_NOTEBOOK):  # it is the file
        submission = os.path.dirname(submission)
    path = os.path.join(clean_line(submission), clean_line(file, 120))
    here = os.getcwd()
    inside = os.path.isabs(path) and os.path.commonpath([here, path]) == here
    return os.path.relpath(path, here) if inside else path


def place_of(submission: str, place: Place, texts: Texts) -> str:
    """A line of the submission: path:line, or the cell of a notebook and the line there."""
    if place.prompt:
        return texts.say("notebook.prompt", prompt=place.prompt, line=place.line)
    path = path_of(submission, place.file)
    if not place.line:
        return path
    if place.cell:
        return texts.say("notebook.place", path=path, cell=place.cell, line=place.line)
    return f"{path}:{place.line}"


def line_of(place: Place, texts: Texts) -> str:
    """A line of a file that is named already: line 81, or the cell of a notebook and the line."""
    if place.prompt:
        return texts.say("notebook.prompt", prompt=place.prompt, line=place.line)
    name = "cell_line" if place.cell else "line"
    return texts.say(f"message.{name}", cell=place.cell, line=place.line)


def grade_command(exercises: list[str], submission: str, seed: int | None = None) -> str:
    """``make grade`` for these exercises of a submission, with a seed that is not the default."""
    if os.environ.get(FROM_NOTEBOOK):
        options = [*(repr(name) for name in exercises), *([f"seed={seed}"] if seed else [])]
        return f"grade({', '.join(options)})".replace("'", '"')
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
