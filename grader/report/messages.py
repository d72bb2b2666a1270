"""A message taken apart again: its sentence, and its rows by the ids of their labels.

The JSON report has a message as the terminal shows it, lines and all. Writers that set their own
lines (a page) want the parts. What can't be told apart stays in the sentence; nothing is lost.
"""

from rich.cells import cell_len

from grader.locale import Texts
from grader.report.layout import MARGIN
from grader.report.wording import LABELS

Parts = tuple[str, list[tuple[str, str]]]


def parts(message: str, texts: Texts) -> Parts:
    """The sentence, and (label's id, text) for each row.

    Args:
        texts: of the language in which the message was written.
    """
    column = 2 + max(cell_len(texts.say(f"label.{name}")) for name in LABELS)
    starts = {}
    for name in LABELS:
        word = texts.say(f"label.{name}")
        starts[name] = MARGIN + word + " " * (column - cell_len(word))
    blank = MARGIN + " " * column
    sentence: list[str] = []
    rows: list[tuple[str, str]] = []
    for line in message.split("\n"):
        label = next((name for name, start in starts.items() if line.startswith(start)), None)
        if label is not None:
            rows.append((label, line[len(starts[label]) :]))
        elif rows and line.startswith(blank):
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}\n{line[len(blank) :]}")
        elif rows:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}\n{line.strip()}")
        else:
            sentence.append(line.strip())
    return "\n".join(sentence).strip(), rows
