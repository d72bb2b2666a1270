"""The report on a terminal: the syllabus with points, the first fault in full, the rest in a line.

Plain text carries everything, colour only adds. Nothing of a submission is read as markup: its
text is cleaned, and reaches rich as ``Text``.
"""

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.checking.scoring import Outcome
from grader.checking.session import Graded
from grader.findings import Place
from grader.locale import Texts
from grader.report import layers, wording
from grader.report.cleaning import clean
from grader.report.commands import grade_command, path_of, place_of
from grader.report.layout import packed, pad, shorten, spread, wrap
from grader.report.model import Report
from grader.report.overview import (
    BAD,
    Entry,
    entries,
    first_in_trouble,
    first_unstarted,
    in_trouble,
    waits_for,
)
from grader.report.table import STYLES, WIDTH, syllabus_table

NAME_CELLS = 36  # of a name or title at the beginning of a line
SENTENCE_CELLS = 32  # of a sentence, before a place may stand on its line
OTHER_LINES = 12  # functions that get a line each; the rest are counted
PRINTED_LINES = 8
PRINTED_CHARS = 1_000


class Terminal:
    """Writes one report.

    Args:
        submission: the folder, as the user typed it.
        named: the exercises that the user named; empty for all.
        default_seed: a seed that a command need not name.
    """

    def __init__(
        self,
        console: Console,
        texts: Texts,
        submission: str,
        named: list[str],
        default_seed: int,
    ) -> None:
        self.console = console
        self.texts = texts
        self.say = texts.say
        self.submission = submission
        self.named = named
        self.default_seed = default_seed
        self.width = min(console.width, WIDTH)

    def show(self, graded: Graded, report: Report) -> None:
        """The whole report."""
        found = entries(graded)
        self.console.print(syllabus_table(graded.catalog, report, self.texts, self.console))
        self._line()
        worst = first_in_trouble(found)
        if worst is not None:
            self._in_full(worst, graded)
        others = [entry for entry in found if not _same_file(entry, worst)]
        self._others(others, heading=worst is not None)
        self._notes(found, report)
        self._next(found, worst, report)

    # one function in full

    def _in_full(self, entry: Entry, graded: Graded) -> None:
        troubled = entry.troubled
        first = troubled[0]
        assert first.finding is not None
        self._heading(entry, first)
        rows = wording.blocks(first.finding, first.check, self.texts, self.submission, self.width)
        for label, lines in rows:
            self._labelled(self.say(f"label.{label}") if label else "", lines)
        self._printed(entry, first, graded)
        self._other_checks(entry, troubled)
        self._line()

    def _other_checks(self, entry: Entry, troubled: list[Outcome]) -> None:
        """The function's other checks: a line each, or their titles if the reason is the same."""
        first, rest = troubled[0], troubled[1:]
        if not rest:
            return
        known = wording.reason(first.finding)
        same = [outcome for outcome in rest if wording.reason(outcome.finding) == known]
        other = [outcome for outcome in rest if outcome not in same]
        titles = {o.check.id: o.check.title[self.texts.language] for o in rest}
        self._line(self.say("report.other_checks", name=entry.name))
        column = min(NAME_CELLS, max(cell_len(title) for title in titles.values()))
        for outcome in other:
            self._state_line(titles[outcome.check.id], outcome.status, outcome, column)
        if same:
            names = self.say("report.between").join(titles[outcome.check.id] for outcome in same)
            text = self.say("report.same", names=names)
            for line in wrap(text, self.width - 2):
                self._line(f"  {line}")

    def _heading(self, entry: Entry, outcome: Outcome) -> None:
        state = self.say(f"status.{outcome.status}").upper()
        name = entry.name
        if entry.function:
            name += f" / {outcome.check.title[self.texts.language]}"
        points = self.say("report.score", score=outcome.score, points=outcome.check.points)
        text = spread(f"{state}  {name}", points if entry.function else "", self.width)
        line = Text(text.rstrip())
        line.stylize(f"bold {STYLES[outcome.status]}", 0, len(state))
        line.stylize("bold", len(state), len(state) + 2 + len(entry.name))
        self._print(line)

    def _labelled(self, label: str, lines: list[str]) -> None:
        for line in lines:
            text = Text(line)
            if label:
                text.stylize("cyan", 0, 2 + len(label))
            self._print(text)
            label = ""

    def _printed(self, entry: Entry, outcome: Outcome, graded: Graded) -> None:
        """What the student's code printed: in the call, or else while the file was imported."""
        finding = outcome.finding
        call = finding.call if finding else None
        output, dropped = (call.printed, call.dropped) if call else (b"", 0)
        if not output.strip():
            output, dropped = graded.printed.get(entry.exercise, b""), 0
        text = clean(output, PRINTED_CHARS).strip("\n")
        if not text.strip():
            return
        label = self.say("label.printed")
        column = 2 + cell_len(label)
        room = self.width - column - 4
        lines = [line for part in text.split("\n") for line in wrap(part, room)]
        more = max(0, output.count(b"\n") + 1 - PRINTED_LINES)
        shown = lines[:PRINTED_LINES]
        if dropped:
            shown.append(self.say("message.more_bytes", count=dropped))
        elif len(lines) > PRINTED_LINES or len(text) >= PRINTED_CHARS:
            shown.append(self.say("message.more_lines", count=max(more, 1)))
        starts = [label] + [""] * (len(shown) - 1)
        for start, line in zip(starts, shown, strict=True):
            self._labelled(start, [f"  {pad(start, column)}| {line}"])

    # everything else

    def _others(self, others: list[Entry], heading: bool) -> None:
        known = [e for e in others if e.status in ("blocked", "fault") or in_trouble(e)]
        if not known:
            return
        if heading:
            self._line(self.say("report.others"))
        column = min(NAME_CELLS, max(cell_len(entry.name) for entry in known))
        for entry in known[:OTHER_LINES]:
            place = place_of(self.submission, entry.home, self.texts) if entry.home.line else ""
            place = place if in_trouble(entry) else ""
            self._state_line(entry.name, entry.status, entry.troubled[0], column, place)
        if len(known) > OTHER_LINES:
            self._line("  " + self.say("report.more", count=len(known) - OTHER_LINES))
        self._line()

    def _state_line(
        self, name: str, status: str, outcome: Outcome, column: int, place: str = ""
    ) -> None:
        """One line; the place stands before the sentence where enough is left for that."""
        state = self.say(f"status.{status}")
        states = max(cell_len(self.say(f"status.{s}")) for s in (*BAD, "blocked", status))
        start = f"  {pad(shorten(name, column), column)}  "
        head = f"{start}{pad(state, states)}  "
        assert outcome.finding is not None
        if place and self.width - cell_len(head + place) - 2 >= SENTENCE_CELLS:
            head += f"{place}  "
        sentence = wording.one_line(outcome.finding, self.texts, self.width - cell_len(head))
        line = Text(head + sentence)
        line.stylize(STYLES[status], len(start), len(start) + len(state))
        self._print(line)

    def _notes(self, found: list[Entry], report: Report) -> None:
        outcomes = [outcome for entry in found for outcome in entry.outcomes]
        faults = sum(outcome.status == "fault" for outcome in outcomes)
        skipped = [o.check.id for o in outcomes if o.status == "skipped"]
        if faults:
            self._line(self.say("report.fault", count=faults), STYLES["fault"])
        if skipped:
            self._line(self.say("report.skipped", names=_few(skipped, self.say)))
        for exercise in report.exercises:
            if exercise.left_out:
                self._line(exercise.left_out, "yellow")
        if not layers.is_whole(report.sandbox):
            self._line(self.say("report.sandbox", sandbox=report.sandbox), "yellow")
        for meaning in layers.meanings(report.sandbox, self.texts):
            self._line(meaning, "yellow")
        if report.edition and report.edition.elsewhere:
            here, elsewhere = report.max_score, report.edition.elsewhere
            fields = {"here": f"{here:g}", "all": f"{here + elsewhere:g}"}
            self._line(self.say("release.elsewhere", elsewhere=f"{elsewhere:g}", **fields))
        if all(_missing(entry) for entry in found):
            self._line(self.say("report.no_files", folder=path_of(self.submission, "")))
        elif any(entry.status != "not_started" or in_trouble(entry) for entry in found):
            waiting = _unstarted_names(found)
            if waiting:
                self._line(self.say("report.not_started", names=_few(waiting, self.say)))

    def _next(self, found: list[Entry], worst: Entry | None, report: Report) -> None:
        seed = None if report.seed == self.default_seed else report.seed
        if worst is None and report.score == report.max_score:
            name = "full_marks_here" if self.named else "full_marks"
            self._line(self.say(f"report.{name}"), "bold green")
            if self.named:
                self._line("  " + grade_command([], self.submission))
        else:
            self._next_step(found, worst)
        command = grade_command(self.named, self.submission, seed)
        seconds = f"{report.duration_s:.1f}"
        again = [self.say("report.seed", seed=report.seed, seconds=seconds), command]
        for line in packed(again, self.width, ""):
            self._line(line.rstrip(), "dim")

    def _next_step(self, found: list[Entry], worst: Entry | None) -> None:
        foreign = waits_for(found)
        entry = worst or first_unstarted(found)
        if worst is None and foreign:
            exercise, name = foreign[0].split(".")[0], "wait"
        elif entry is not None:
            exercise, name = entry.exercise, self._step_name(found, entry)
        else:
            return
        function = entry.function or entry.outcomes[0].check.function if entry else ""
        place = Place(f"{exercise}.py", 0, "", "")
        if entry is not None and entry.exercise == exercise:
            place = entry.home
        path = place_of(self.submission, place, self.texts)
        fields = {"path": path, "function": function, "functions": ", ".join(foreign)}
        fields["exercise"] = exercise
        self._line(self.say(f"report.{name}", **fields), "bold")
        self._line("  " + grade_command([exercise], self.submission), "bold")

    def _step_name(self, found: list[Entry], entry: Entry) -> str:
        if entry.finding is not None and entry.finding.code == "notebook_lacks":
            return "create_cells"
        if _missing(entry):
            return "create_file"
        if not entry.function:
            return "next_file"
        fresh = all(e.status == "not_started" and not in_trouble(e) for e in found)
        return "start_here" if fresh else "next"

    # writing

    def _line(self, text: str = "", style: str = "") -> None:
        for line in wrap(text, self.width):
            self._print(Text(line, style))

    def _print(self, text: Text) -> None:
        """One line, already short enough; rich must not break it again."""
        self.console.print(text, soft_wrap=True)


def _same_file(entry: Entry, other: Entry | None) -> bool:
    """Whether an entry tells of the same broken file, a notebook with several exercises."""
    if other is None or entry is other:
        return entry is other
    whole = not entry.function and not other.function
    return whole and entry.name == other.name and entry.finding is not None


def _missing(entry: Entry) -> bool:
    return entry.finding is not None and entry.finding.code in ("file_missing", "notebook_lacks")


def _unstarted_names(found: list[Entry]) -> list[str]:
    """What is not started: whole exercises by name, else functions."""
    names = []
    for exercise in dict.fromkeys(entry.exercise for entry in found):
        own = [entry for entry in found if entry.exercise == exercise]
        waiting = [e.name for e in own if e.status == "not_started" and not in_trouble(e)]
        names += [exercise] if len(waiting) == len(own) else waiting
    return names


def _few(names: list[str], say) -> str:
    if len(names) <= OTHER_LINES:
        return ", ".join(names)
    return ", ".join(names[:OTHER_LINES]) + " " + say("report.more", count=len(names) - OTHER_LINES)
