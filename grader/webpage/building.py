"""From reports to the view of them.

A view is made from reports of one run, one for each language that there is: two after grading, one
where a stored report is read again. Titles then come from the syllabus in both languages all the
same; messages stay in the language in which they were written.
"""

import re
from collections.abc import Mapping

from grader.catalog import Catalog, Check
from grader.locale import LANGUAGES, Texts
from grader.report.commands import grade_command
from grader.report.messages import Parts, parts
from grader.report.model import CheckReport, ExerciseReport, FunctionReport, Report
from grader.webpage.values import segments
from grader.webpage.view import Both, CheckView, ExerciseView, FunctionView, View

BESIDES = ("input", "hint", "again")  # rows of a message that have places of their own
WAITING = ("blocked", "not_started")
_GAP = re.compile(r"\n| {3}")  # between a row's items
Messages = Mapping[str, Parts]


def view(
    reports: Mapping[str, Report], catalog: Catalog, printed: Mapping[str, str] | None = None
) -> View:
    """The view of a run.

    Args:
        reports: by language; all of the same run.
        printed: what the code printed, by check, cleaned.
    """
    return _Builder(reports, catalog, printed or {}).view()


def language_of(report: Report, catalog: Catalog) -> str:
    """The language in which a stored report was written: that of its titles."""
    known = _checks(catalog)
    found = dict.fromkeys(LANGUAGES, 0)
    for exercise in report.exercises:
        for function in exercise.functions:
            for check in function.checks:
                own = known.get(check.id)
                for language in LANGUAGES:
                    found[language] += own is not None and own.title[language] == check.title
    return max(found, key=lambda language: found[language])


def _checks(catalog: Catalog) -> dict[str, Check]:
    return {check.id: check for f in catalog.functions.values() for check in f.checks}


class _Builder:
    def __init__(
        self, reports: Mapping[str, Report], catalog: Catalog, printed: Mapping[str, str]
    ) -> None:
        self.reports, self.catalog, self.printed = reports, catalog, printed
        self.texts = {language: Texts(language) for language in reports}
        self.known = _checks(catalog)
        self.anchors: set[str] = set()

    def view(self) -> View:
        """All of it."""
        columns = [report.exercises for report in self.reports.values()]
        return View(self.reports, [self._exercise(list(e)) for e in zip(*columns, strict=True)])

    def _anchor(self, name: str) -> str:
        """A page-wide name to jump to, of harmless characters."""
        plain = "x-" + re.sub(r"[^A-Za-z0-9_.]+", "-", name)[:120]
        own, number = plain, 2
        while own in self.anchors:
            own, number = f"{plain}-{number}", number + 1
        self.anchors.add(own)
        return own

    def _exercise(self, twins: list[ExerciseReport]) -> ExerciseView:
        one = twins[0]
        title = {}
        if one.name in self.catalog.names:
            title = self.catalog.exercise(one.name).title
        columns = [twin.functions for twin in twins]
        anchor = self._anchor(one.name)
        functions = [self._function(one.name, list(f)) for f in zip(*columns, strict=True)]
        found = {check.status for function in functions for check in function.checks}
        status = "started" if one.status == "failed" and "failed" not in found else one.status
        given = (anchor, one.name, title, status, one.score, one.max_score)
        return ExerciseView(*given, functions)

    def _function(self, exercise: str, twins: list[FunctionReport]) -> FunctionView:
        one = twins[0]
        columns = [twin.checks for twin in twins]
        anchor = self._anchor(f"{exercise}.{one.name}")
        checks = [self._check(exercise, list(c)) for c in zip(*columns, strict=True)]
        waiting = [check for check in checks if check.status in WAITING]
        same = None
        if len(waiting) == len(checks) > 0 and all(
            c.sentence == checks[0].sentence for c in checks
        ):
            same = checks[0].sentence
        given = (anchor, one.name, one.status, one.score, one.max_score)
        return FunctionView(*given, checks, same)

    def _check(self, exercise: str, twins: list[CheckReport]) -> CheckView:
        one = twins[0]
        own = self.known.get(one.id)
        title = own.title if own else {language: c.title for language, c in self._by(twins)}
        messages = {
            language: parts(c.message, self.texts[language]) for language, c in self._by(twins)
        }
        sentence = {language: text for language, (text, _) in messages.items() if text}
        found = CheckView(
            *(self._anchor(one.id), title, one.status, one.score, one.points, sentence),
            rows=_rows(messages, self._by(twins)),
            hint=_row(messages, "hint"),
            command=_command(messages) or grade_command([exercise], self._folder),
            code=_code(messages),
            blocked_by=one.blocked_by,
            printed=self.printed.get(one.id, ""),
        )
        _add_values(found, one.counterexample or {})
        return found

    @property
    def _folder(self) -> str:
        return next(iter(self.reports.values())).submission

    def _by(self, twins: list[CheckReport]) -> list[tuple[str, CheckReport]]:
        return list(zip(self.reports, twins, strict=True))


def _rows(messages: Messages, twins: list[tuple[str, CheckReport]]) -> list[tuple[str, Both]]:
    """The rows in their order, each in every language that has it."""
    order = list(dict.fromkeys(name for _, rows in messages.values() for name, _ in rows))
    found = [(name, _row(messages, name)) for name in order if name not in BESIDES]
    named = {language: c.diagnosis.text for language, c in twins if c.diagnosis is not None}
    if named and "mistake" not in order:
        found.append(("mistake", named))
    return found


def _row(messages: Messages, name: str) -> Both:
    return {
        language: text
        for language, (_, rows) in messages.items()
        for own, text in rows
        if own == name
    }


def _command(messages: Messages) -> str:
    """The command in the row that says how to try again."""
    return next((_GAP.split(text)[0] for text in _row(messages, "again").values()), "")


def _code(messages: Messages) -> Both:
    """What follows it: the file, and the line if that is known."""
    found = {language: _GAP.split(text)[1:] for language, text in _row(messages, "again").items()}
    return {language: " ".join(rest) for language, rest in found.items() if rest}


def _add_values(check: CheckView, example: Mapping) -> None:
    """The call that showed the fault, with all its values."""
    if not example:
        return
    check.function = str(example.get("function", ""))
    arguments = example.get("arguments")
    if isinstance(arguments, dict):
        check.arguments = [(name, segments(value)) for name, value in arguments.items()]
    returned, expected = example.get("returned"), example.get("expected")
    if returned is not None:
        check.results.append(("returned", segments(returned, expected)))
    if expected is not None:
        check.results.append(("expected", segments(expected, returned)))
