"""Formats of other programs: each is what its documentation asks for, whatever a report holds."""

import datetime
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from grader import formats
from grader.findings import Finding
from grader.formats import canvas, moodle
from grader.formats.about import About, Spot, Student
from grader.formats.gathering import gathered
from grader.formats.safe import fenced, fitted, markdown, text
from grader.locale import Texts
from grader.report import model
from grader.report.build import build_report
from tests.kit import format_checkers as checkers
from tests.kit import made

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = Texts("en")
WHEN = datetime.datetime(2026, 11, 24, 8, 5, 9, tzinfo=datetime.timezone.utc)
STATUSES = (
    *("passed", "failed", "not_started", "error", "timeout", "blocked", "skipped", "fault"),
)
CHECKED = ["junit", "gradescope", "classroom50", "exercism", "prairielearn", "canvas", "moodle"]
CHECKED += ["markdown"]
HOSTILE = [
    *("]]>", "<!--", "<script>alert(1)</script>", "&amp;", "&#x0;", '"><failure>', "<![CDATA["),
    *(
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "\t=1",
        "\r\n=1",
        "a,b;c|d",
        '"',
        "''",
    ),
    *(
        "\x1b[31mred",
        "\x1b]0;owned\x07",
        "\x00\x01\x0b\x0c\x7f\x9b",
        "\u202eevil",
        "\u2066",
        "\ufeff",
    ),
    *("::error::x", "::set-output name=a::b", "##[error]x", "::stop-commands::x", "%0A::x::"),
    *("```", "`" * 12, "~~~", "[a](http://x)", "![a](http://x)", "https://x.y", "www.x.y", "@all"),
    *("section_start:1:x\r\x1b[0K", "\ud800", "\ufffe", "\U0010ffff", "| a | b |", "</details>"),
    *("NaN", "Infinity", "\u2028", "\n" * 40, "x" * 30_000, "e" + "\u0301" * 50, "门控循环单元"),
]


def texts() -> st.SearchStrategy[str]:
    """A text that wants to be more than a text."""
    piece = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20))
    return st.lists(piece, max_size=6).map("".join)


@st.composite
def reports(draw: st.DrawFn) -> tuple[model.Report, About]:
    """A report, and what stands beside it, with hostile words in every place that has words."""
    exercises, spots, printed = [], {}, {}
    for name in ("rnn", "gru"):
        functions = []
        for function in ("step", "update_gate"):
            checks = []
            for row in ("shape", "values"):
                key = f"{name}.{function}.{row}"
                status = draw(st.sampled_from(STATUSES))
                points = draw(st.sampled_from([1.0, 2.5, 5.0]))
                earned = points if status in ("passed", "skipped") else 0.0
                check = model.CheckReport(key, "value", f"{row} equals", points, earned, status)
                check.message = "" if status == "passed" else draw(texts())
                check.counterexample = draw(
                    st.sampled_from([None, {}, {"function": "\x1b=x", "arguments": {"]]>": 1}}])
                )
                if status == "failed" and draw(st.booleans()):
                    check.diagnosis = model.Diagnosis(key, draw(texts()))
                spots[key] = Spot(draw(texts()), draw(st.sampled_from([None, 7])), draw(texts()))
                printed[key] = draw(texts())
                checks.append(check)
            score, most = sum(c.score for c in checks), sum(c.points for c in checks)
            status = checks[0].status
            functions.append(model.FunctionReport(function, score, most, status, checks))
        score, most = sum(f.score for f in functions), sum(f.max_score for f in functions)
        exercises.append(model.ExerciseReport(name, score, most, "failed", functions))
    score, most = sum(e.score for e in exercises), sum(e.max_score for e in exercises)
    words = (draw(texts()), 2026, "cpu", "none", 1.5)
    report = model.Report(1, *words, score, most, exercises)
    student = Student(draw(texts()) or "x", draw(texts()), draw(texts()))
    variables = {"SUBMISSION_TAG": draw(texts()), "OWNER": draw(texts())}
    language = Texts(draw(st.sampled_from(["en", "zh"])))
    title = draw(texts()) or "gatecheck"
    about = About(language, student, WHEN, title, {"rnn": "RNN"}, spots, printed, variables)
    return report, about


# a failure is shown as it was found: looking for a smaller one takes minutes
WIDE = settings(max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate])


@WIDE
@given(reports())
def test_a_hostile_report_is_still_each_format(pair):
    """Control characters, formulas, markup, CI commands, huge texts: every checker is content."""
    for name in CHECKED:
        content = formats.writer(name)(*pair)
        getattr(checkers, name)(content)
        assert b"\x1b" not in content and "\u202e".encode() not in content
        for row in content.decode().splitlines():
            assert not row.lstrip().startswith("::") and "##[" not in row


def example(findings=None, language="en", **options):
    """The report of a made run, with what stands beside it."""
    given_findings = {
        "rnn.rnn": Finding("stub", {"function": "rnn", "file": "rnn.py"}, status="not_started"),
        "gru.update_gate": made.wrong_value(b"a line\n"),
        "gru.gru": Finding("blocked", {"functions": "update_gate"}, status="blocked"),
    }
    graded = made.graded(given_findings if findings is None else findings, ["landlock"])
    said = Texts(language)
    report = build_report(graded, "work", 2026, "cpu", 2.0, said)
    return report, gathered(graded, "work", said, **{"variables": {}, **options})


def written(name, *arguments, **options):
    """A made run in a format, as its checker read it."""
    content = formats.writer(name)(*example(*arguments, **options))
    return getattr(checkers, name)(content)


def test_every_known_format_has_a_checker_here():
    """No format is offered that nothing looks at; html comes with the module that writes it."""
    assert set(formats.known()) - {"html"} == {"json", *CHECKED}
    with pytest.raises(KeyError):
        formats.writer("yaml")


def test_json_is_the_report_itself():
    """--out json gives what --json gives."""
    report, about = example()
    assert formats.writer("json")(report, about) == model.to_json(report)


def test_junit_counts_points_and_says_what_was_printed():
    """A failure with its message, what waits as one, points in a property, output beside it."""
    root = written("junit")
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("4", "3", "0")
    case = next(c for c in root.iter("testcase") if c.attrib["classname"] == "gru.update_gate")
    failure = case.find("failure")
    assert failure.attrib == {
        "message": "The result has the right shape, but not the right values.",
        "type": "failed",
    }
    assert "0.25 instead of 0.75" in failure.text and case.findtext("system-out") == "a line"
    assert case.find("properties/property[@name='points']").attrib["value"] == "0/5"


def test_junit_tells_errors_from_failures():
    """No answer at all is an error; what this machine can't judge is skipped, and earns."""
    dead = Finding("timeout", {}, status="timeout")
    skip = Finding("timing_left_out", {}, status="skipped")
    root = written("junit", {"rnn.step": dead, "gru.gru": skip})
    kinds = {c.attrib["classname"]: [e.tag for e in c if e.tag != "properties"] for c in
             root.iter("testcase")}  # fmt: skip
    assert kinds["rnn.step"] == ["error"] and kinds["gru.gru"] == ["skipped"]
    assert kinds["rnn.rnn"] == []


def test_junit_names_are_unique_in_the_whole_catalog(catalog):
    """CI systems follow a case by its class and name, so no two checks share both."""
    for language in ("en", "zh"):
        for function in catalog.functions.values():
            titles = [check.title[language] for check in function.checks]
            assert len(set(titles)) == len(titles), function.key


def test_gradescope_gets_a_test_a_function():
    """Points of each function, what to do as plain text, the log for instructors alone."""
    found = written("gradescope")
    assert (found["score"], found["stdout_visibility"]) == (5, "hidden")
    test = next(t for t in found["tests"] if t["name"] == "gru.update_gate")
    assert (test["score"], test["max_score"], test["status"], test["number"]) == (
        0,
        5,
        "failed",
        "2.1",
    )
    assert test["output"].startswith("FAILED  result equals the equation  (0/5)\n  The result has")
    assert sum(test["score"] for test in found["tests"]) == found["score"]


def test_classroom50_takes_what_its_runner_says():
    """Identity and links come from the environment; outside of it the file is still whole."""
    told = {
        "CLASSROOM": "dl", "ASSIGNMENT": "rnn", "OWNER": "ada", "ASSIGNMENT_TYPE": "group",
        "SUBMISSION_TAG": "submit/2026-11-24T08-00-00Z-abc", "COMMIT_URL": "https://g/c",
        "RELEASE_URL": "https://g/r",
    }  # fmt: skip
    found = written("classroom50", variables=told)
    assert (found["classroom"], found["assignment"], found["owner"]) == ("dl", "rnn", "ada")
    assert found["submission"] == told["SUBMISSION_TAG"] and found["review"] == "https://g/c"
    assert (found["assignment_type"], found["score"], found["max-score"]) == ("group", 5, 20)
    alone = written("classroom50", student="bob")
    assert (alone["classroom"], alone["owner"]) == ("local", "bob")


def test_exercism_is_an_error_only_if_nothing_ran():
    """A file that can't be imported is an error with its message; a wrong value is a failure."""
    assert written("exercism")["status"] == "fail"
    assert written("exercism", {})["status"] == "pass"
    broken = Finding("load_raised", {"type": "SyntaxError", "text": "oh", "file": "gru.py"},
                     status="error")  # fmt: skip
    everything = ("rnn.step", "rnn.rnn", "gru.update_gate", "gru.gru")
    found = written("exercism", dict.fromkeys(everything, broken))
    assert found["status"] == "error" and "SyntaxError: oh" in found["message"]
    assert [test["task_id"] for test in found["tests"]] == [1, 2, 3, 4]


def test_exercism_says_when_output_was_cut():
    """500 characters of what was printed, the note among them."""
    found = written("exercism", {"gru.gru": made.wrong_value(b"y" * 5_000)})
    output = found["tests"][-1]["output"]
    assert len(output) == 500 and output.endswith("characters)")
    assert found["tests"][-1]["test_code"] == "update_gate(X, H, W_xz, W_hz, b_z)"


def test_prairielearn_takes_no_attempt_for_what_can_t_be_graded():
    """Nothing written yet, or a fault of the kit: not gradable; else a score from 0 to 1."""
    assert written("prairielearn")["score"] == 0.25
    stub = Finding("stub", {"function": "f", "file": "f.py"}, status="not_started")
    everything = ("rnn.step", "rnn.rnn", "gru.update_gate", "gru.gru")
    fresh = written("prairielearn", dict.fromkeys(everything, stub))
    fault = written("prairielearn", {"gru.gru": Finding("fault", {"error": "x"}, status="fault")})
    assert not fresh["gradable"] and not fault["gradable"]


def test_canvas_and_moodle_find_the_student():
    """A login or an e-mail address names the row; without either the folder's name does."""
    assert written("canvas", student="ada")[2] == ["ada", "", "", "ada", "", "5"]
    assert written("canvas")[2][3] == "work"
    assert written("moodle", student="ada@uni.example", assignment="Lab 3") == [
        ["username", "email", "Lab 3", "Lab 3 feedback"],
        ["ada", "ada@uni.example", "25.0", "5/20 points: rnn 5/10, gru 0/10"],
    ]


def test_a_gradebook_has_a_row_for_each_student():
    """Several reports make one file; Moodle's grades are rounded down."""
    report, about = example()
    report.score, report.max_score = 19.999, 20.0
    pairs = [(Student("ada"), report), (Student("=bob", "=HYPERLINK()"), report)]
    assert [row[0] for row in checkers.canvas(canvas.gradebook(pairs, "x"))[2:]] == [
        "ada",
        "'=HYPERLINK()",
    ]
    rows = checkers.moodle(moodle.gradebook(pairs, "x", about.texts))
    assert [row[2] for row in rows[1:]] == ["99.99", "99.99"]


def test_formats_are_pure_and_leave_torch_alone():
    """The same report gives the same bytes, in a process that has not imported torch."""
    code = (
        "import sys; from grader import formats\n"
        "for name in formats.known():\n    formats.writer(name) if name != 'html' else 0\n"
        "import grader.ci.github, grader.ci.gitlab\n"
        "sys.exit(', '.join({'torch', 'rich', 'pytest', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""
    pair = example()
    for name in ("json", *CHECKED):
        assert formats.writer(name)(*pair) == formats.writer(name)(*pair)


def test_a_cut_says_how_much_is_missing():
    """A text is at most as long as asked for, note and all."""
    assert text("abc", 3, ENGLISH) == "abc"
    cut = text("a" * 1_000, 100, ENGLISH)
    assert len(cut) == 100 and cut.endswith("(cut: 900 more characters)")
    assert len(text("a" * 1_000, 5, ENGLISH)) == 5


def test_messages_give_way_until_a_file_fits():
    """The longest messages with which the file is small enough; at last none at all."""
    tried = []

    def build(limit):
        tried.append(limit)
        return b"x" * (limit + 10)

    assert fitted(build, 600) == b"x" * 510 and len(tried) == 3
    assert fitted(build, 5) == b"x" * 10


def test_a_huge_report_fits_everywhere(catalog):
    """Every check of the course failing with a very long message: all limits hold."""
    exercises = []
    for exercise in catalog.exercises:
        functions = []
        for function in exercise.functions:
            rows = [model.CheckReport(c.id, c.kind, c.title["en"], c.points, 0.0, "failed",
                                      f"{c.id}\n" + "门🙂<&" * 300)
                    for c in function.checks]  # fmt: skip
            most = float(function.points)
            functions.append(model.FunctionReport(function.name, 0.0, most, "failed", rows))
        most = float(exercise.points)
        exercises.append(model.ExerciseReport(exercise.name, 0.0, most, "failed", functions))
    most = sum(exercise.max_score for exercise in exercises)
    report = model.Report(1, "x", 1, "cpu", "none", 1.0, 0.0, most, exercises)
    about = About(ENGLISH, Student("x"), WHEN)
    for name in CHECKED:
        getattr(checkers, name)(formats.writer(name)(report, about))


def test_markdown_shows_words_as_words():
    """Nothing in a line is markup, a link or a mention; a block of code ends where we end it."""
    assert markdown("a_b *c* [d](e) <f> @g") == r"a\_b \*c\* \[d\](e) &lt;f&gt; &#64;g"
    assert "://" not in markdown("https://x") and "www." not in markdown("www.x")
    assert fenced("a\n```\nb").startswith("````text\n")


def test_the_checkers_notice_what_is_wrong():
    """A checker that accepts everything would prove nothing."""
    good = json.loads(formats.writer("gradescope")(*example()))
    for change in ({"visibility": "sometimes"}, {"score": "5"}, {"unknown": 1}):
        with pytest.raises((AssertionError, KeyError)):
            checkers.gradescope(json.dumps(good | change).encode())
    with pytest.raises(AssertionError):
        checkers.table(b'"a","b"\r\n"=1","c"\r\n')
    with pytest.raises(ET.ParseError):
        checkers.junit(b"<testsuites>\x1b</testsuites>")
    with pytest.raises(AssertionError):
        checkers.markdown(b"```text\n<script>\n")
