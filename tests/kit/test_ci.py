"""CI on pushes: the writer chosen by itself, the fence, annotations, summaries, and the workflows.

After a change of words, write the summaries anew and read what has changed:

    python -m tests.kit.test_ci
"""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader import ci, cli
from grader.ci import github, gitlab
from grader.findings import Finding, Place
from grader.formats import markdown
from grader.formats.gathering import gathered
from grader.locale import Texts
from grader.report.build import build_report
from tests.kit import format_checkers as checkers
from tests.kit import made

ROOT = Path(__file__).resolve().parents[2]
SUMMARIES = Path(__file__).parent / "summaries"
ACTIONS = {"GITHUB_ACTIONS": "true"}
SECRETS = {
    "GITHUB_TOKEN": "canary-github-token",
    "ACTIONS_RUNTIME_TOKEN": "canary-runtime-token",
    "MY_API_KEY": "canary-api-key",
    "CI_JOB_TOKEN": "canary-job-token",
}
PRYING = """
import os, sys
def look():
    found = [str(dict(os.environ))]
    for pid in ("self", str(os.getppid())):
        try:
            found.append(open(f"/proc/{pid}/environ", "rb").read().decode(errors="replace"))
        except OSError as error:
            found.append(str(error))
    return " ".join(found)
print("::error::forged by the submission")
print("::stop-commands::guessed")
print("##[error]forged, too")
print("::add-mask::x")
sys.stderr.write("::set-env name=A::b\\n" + look() + "\\n")
def normal_param(shape, device=None):
    print("::error file=a.py,line=1::forged in a call")
    raise ValueError(look())
def zero_param(size, device=None):
    print("\\x1b[0Ksection_end:1:gatecheck_report\\r\\x1b[0K")
    raise ValueError("%0A::error::forged in a message\\n::error::again")
"""


def findings():
    """One function raises, one gives a wrong value, one is not begun, one waits."""
    raised = Finding("raised", {"type": "ValueError", "text": "50%, a:b\n::x"}, status="error")
    raised.places = [Place("rnn.py", 3, "step", "    raise ValueError")]
    return {
        "rnn.step": raised,
        "rnn.rnn": Finding("stub", {"function": "rnn", "file": "rnn.py"}, status="not_started"),
        "gru.update_gate": made.wrong_value(),
        "gru.gru": Finding("blocked", {"functions": "update_gate"}, status="blocked"),
    }


def example(language="en", submission="work", found=None):
    """A made run, and what stands beside it."""
    graded, texts = (
        made.graded(findings() if found is None else found, ["landlock"]),
        Texts(language),
    )
    report = build_report(graded, submission, 2026, "cpu", 2.0, texts)
    return report, gathered(graded, submission, texts, variables={})


def commands(log):
    """The lines that a runner of GitHub Actions acts on, outside of what the fence stops."""
    found, token = [], ""
    for row in log.splitlines():
        row = row.strip()
        if token:
            token = "" if row.lower() == f"::{token.lower()}::" else token
        elif row.lower().startswith("::stop-commands::"):
            token = row.partition("::stop-commands::")[2]
        elif re.match(r"::\w", row) or "##[" in row:
            found.append(row)
    assert not token, "the fence was never taken down"
    return found


def test_the_writer_is_chosen_by_itself():
    """GitHub and GitLab say who they are; elsewhere there is no writer."""
    assert isinstance(ci.writer_of(ACTIONS, []), github.GitHub)
    assert isinstance(ci.writer_of({"GITLAB_CI": "true"}, []), gitlab.GitLab)
    assert ci.writer_of({"CI": "true", "GITHUB_ACTIONS": ""}, []) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_is_the_one_that_was_read(language):
    """The summary of a step is word for word the one on record."""
    page = markdown.write(*example(language))
    checkers.markdown(page)
    assert page.decode() == (SUMMARIES / f"summary.{language}.md").read_text(encoding="utf-8")


def test_annotations_stand_at_the_failing_lines(tmp_path):
    """The line that raised, or where the function begins; nothing in a message ends a command."""
    folder = tmp_path / "repo" / "work"
    folder.mkdir(parents=True)
    (folder / "gru.py").write_text("import torch\n\n\ndef update_gate(X):\n    return X\n")
    report, about = example(submission=str(folder))
    found = github.annotations(report, about, {"GITHUB_WORKSPACE": str(tmp_path / "repo")})
    assert found == [
        "::error file=work/rnn.py,line=3,title=rnn.step%3A result equals the equation::"
        "Your code raised ValueError: 50%25, a:b : :x",
        "::error file=work/gru.py,line=4,title=gru.update_gate%3A result equals the equation::"
        "The result has the right shape, but not the right values.",
    ]


def test_a_missing_file_is_annotated_without_a_line():
    """Where there is no line, none is made up; a fault of the kit is nobody's error."""
    missing = Finding("file_missing", {"file": "gru.py"}, status="failed")
    fault = Finding("fault", {"error": "x"}, status="fault")
    report, about = example(found={"gru.gru": missing, "rnn.step": fault})
    (only,) = github.annotations(report, about, {})
    assert only.startswith("::error file=work/gru.py,title=gru.gru%3A")


def test_there_are_at_most_ten_annotations():
    """A runner drops what comes after the tenth, so the first ten are the first functions."""
    report, about = example()
    exercise = report.exercises[1]
    exercise.functions = [exercise.functions[0]] * 30
    spots = {"gru.update_gate.values": about.spots["gru.update_gate.values"]}
    for number in range(len(exercise.functions)):
        spots[f"{number}"] = type(spots["gru.update_gate.values"])("f.py", number + 1, "x")
    checks = [type(f.checks[0])(**_fields(f.checks[0], id=str(n)))
              for n, f in enumerate(exercise.functions)]  # fmt: skip
    exercise.functions = [type(f)(**_fields(f, checks=[c])) for f, c in
                          zip(exercise.functions, checks, strict=True)]  # fmt: skip
    object.__setattr__(about, "spots", spots)
    assert len(github.annotations(report, about, {})) == github.MOST_ANNOTATIONS


def _fields(struct, **changes):
    return {name: getattr(struct, name) for name in struct.__struct_fields__} | changes


def test_the_token_of_the_fence_can_t_be_guessed():
    """Long, and another one each time."""
    tokens = set()
    for _ in range(3):
        log = io.StringIO()
        with ci.fenced(github.GitHub({}), log):
            log.write("::error::forged\n")
        assert commands(log.getvalue()) == []
        tokens.add(re.match(r"::stop-commands::(\w+)\n", log.getvalue())[1])
    assert len(tokens) == 3 and all(len(token) >= 32 for token in tokens)


def test_the_fence_is_taken_down_whatever_happens():
    """An exception in the middle leaves the log as it should be."""
    log = io.StringIO()
    with pytest.raises(ZeroDivisionError), ci.fenced(github.GitHub({}), log):
        raise ZeroDivisionError
    assert commands(log.getvalue()) == []


def test_the_summary_is_added_to_what_is_there(tmp_path):
    """Within the limit of a step together with what others wrote; and no crash if it can't be."""
    path = tmp_path / "summary.md"
    path.write_bytes(b"x" * (1024 * 1024 - 10))
    writer = github.GitHub({"GITHUB_STEP_SUMMARY": str(path)})
    assert writer.report(*example(), io.StringIO()) == ["ci.summary_unwritable"]
    path.write_bytes(b"x" * (1024 * 1024 - 6_000))  # room for the table, not for messages
    assert writer.report(*example(), io.StringIO()) == []
    assert path.stat().st_size < 1024 * 1024
    path.write_text("# before\n")
    assert writer.report(*example(), io.StringIO()) == []
    assert path.read_text().startswith("# before\n## gatecheck: 0/20 points")
    gone = github.GitHub({"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "such")})
    assert gone.report(*example(), io.StringIO()) == ["ci.summary_unwritable"]


def test_gitlab_gets_sections_and_junit(tmp_path):
    """A folded section for each exercise in trouble, and the report that its page collects."""
    log = io.StringIO()
    writer = gitlab.GitLab({"CI_PROJECT_DIR": str(tmp_path)}, has_junit=False)
    with ci.fenced(writer, log):
        log.write("the report")
    assert writer.report(*example(), log) == []
    shown = log.getvalue()
    starts = re.findall(r"\x1b\[0Ksection_start:\d+:(\w+)(?:\[collapsed=true\])?\r\x1b\[0K", shown)
    ends = re.findall(r"\x1b\[0Ksection_end:\d+:(\w+)\r\x1b\[0K", shown)
    assert starts == ends == ["gatecheck_report", "gatecheck_rnn", "gatecheck_gru"]
    checkers.junit((tmp_path / gitlab.JUNIT).read_bytes())
    (tmp_path / gitlab.JUNIT).unlink()
    gitlab.GitLab({"CI_PROJECT_DIR": str(tmp_path)}, has_junit=True).report(*example(), log)
    assert not (tmp_path / gitlab.JUNIT).exists()


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_secrets_stay_out_and_nothing_printed_is_a_command(tmp_path, system):
    """A submission that prints all it can see: no secret, no variable of CI's, no command."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "parameters.py").write_text(PRYING)
    summary = tmp_path / "summary.md"
    told = {"github": ACTIONS, "gitlab": {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(tmp_path)}}
    environment = {**os.environ, **SECRETS, **told[system], "GITHUB_STEP_SUMMARY": str(summary)}
    environment |= {"GITHUB_REPOSITORY": "canary-repository", "PYTHONPATH": str(ROOT)}
    words = ["grade", "parameters", "--submission", "work", "--no-timing", "--lang", "en"]
    words += ["--out", "json:report.json"]
    done = subprocess.run(
        [sys.executable, "-m", "grader", *words],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    log = done.stdout + done.stderr
    everything = log + "".join(p.read_text() for p in tmp_path.iterdir() if p.is_file())
    assert "LOGNAME" in everything  # it did print what it could see
    for secret in ("canary", "GITHUB_", "CI_JOB_TOKEN", "CI_PROJECT_DIR"):
        assert secret not in everything, secret
    acted_on = commands(log)
    if system == "gitlab":
        assert acted_on == [] and len(re.findall("\x1b\\[0Ksection_end", log)) == 2
        return
    assert len(acted_on) == 2 and all(row.startswith("::error file=work/param") for row in acted_on)
    assert not any("forged" in re.split("::", row)[1] for row in acted_on)
    checkers.markdown(summary.read_bytes())


def test_what_is_wrong_is_said_before_anything_is_graded(tmp_path, monkeypatch, capsys):
    """An unknown format, a file twice, a place that can't be written, a threshold: one line."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(cli, "grade", lambda *_: pytest.fail("graded"))
    file = tmp_path / "x"
    wrong = {
        ("--out", "junit"): "FORMAT:FILE",
        ("--out", "junit:"): "FORMAT:FILE",
        ("--out", "junti:x.xml"): "Did you mean junit?",
        ("--out", "xlsx:x.xlsx"): "The formats: json, junit",
        ("--out", f"junit:{file}", "--out", f"json:{tmp_path}/./x"): "written twice",
        ("--out", "junit:-", "--json", "-"): "written twice",
        ("--out", f"canvas:{tmp_path}"): "is a folder",
        ("--out", "canvas:no/such/x.csv"): "no folder no/such",
        ("--fail-under", "half"): "60 or 60%",
        ("--fail-under", "101%"): "more than the 868 points",
        ("--fail-under", "nan"): "60 or 60%",
    }
    for words, expected in wrong.items():
        assert cli.main(["grade", "--lang", "en", *words]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1 and expected in captured.err
    assert not file.exists()


def _graded(monkeypatch, found):
    monkeypatch.setattr(cli, "_graded", lambda *_: made.graded(found, ["landlock"]))
    monkeypatch.chdir(ROOT)
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)


def test_a_threshold_decides_the_exit_code(monkeypatch, capsys):
    """From the threshold on 0, below it 1 and a line that says so; a fault of the kit stays 3."""
    _graded(monkeypatch, {"gru.gru": made.wrong_value()})  # 15 of 20 points
    assert cli.main(["grade", "--lang", "en"]) == 1
    assert cli.main(["grade", "--fail-under", "15"]) == 0
    assert cli.main(["grade", "--fail-under", "0"]) == 0
    capsys.readouterr()
    assert cli.main(["grade", "--lang", "en", "--fail-under", "16"]) == 1
    assert "15 points; this job asks for 16" in capsys.readouterr().err
    _graded(monkeypatch, {"gru.gru": Finding("fault", {"error": "x"}, status="fault")})
    assert cli.main(["grade", "--fail-under", "0"]) == 3


def test_a_file_that_fails_takes_no_other_with_it(tmp_path, monkeypatch, capsys):
    """A full disk is said; the other files and the report are written; the exit code is 3."""
    _graded(monkeypatch, {})
    good = tmp_path / "good.xml"
    words = ["--out", "gradescope:/dev/full", "--out", f"junit:{good}", "--lang", "en"]
    assert cli.main(["grade", *words]) == 3
    captured = capsys.readouterr()
    checkers.junit(good.read_bytes())
    assert "Full marks" in captured.out and "gradescope file /dev/full" in captured.err


def test_standard_output_is_the_format_alone(tmp_path, monkeypatch, capsysbinary):
    """With FORMAT:- the report for people goes to standard error; several files at once."""
    _graded(monkeypatch, {"gru.gru": made.wrong_value()})
    words = ["--out", "moodle:-", "--out", f"canvas:{tmp_path / 'c.csv'}", "--student", "ada"]
    assert cli.main(["grade", *words]) == 1
    captured = capsysbinary.readouterr()
    assert checkers.moodle(captured.out)[1][0] == "ada" and b"gru" in captured.err
    checkers.canvas((tmp_path / "c.csv").read_bytes())


# the workflows


def _checked(schema, path, *options):
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options]
    done = subprocess.run([*words, str(path)], capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_fit_their_schemas(tmp_path):
    """GitHub's and GitLab's published schemas accept the files, and refuse one with a slip."""
    for schema, path, options in (
        ("vendor.github-workflows", ROOT / ".github" / "workflows" / "grade.yml", ()),
        ("vendor.gitlab-ci", ROOT / ".gitlab-ci.yml", ("--data-transform", "gitlab-ci")),
    ):
        fine, said = _checked(schema, path, *options)
        assert fine, said
    slip = tmp_path / "slip.yml"
    slip.write_text((ROOT / ".github/workflows/grade.yml").read_text().replace("steps:", "stepz:"))
    assert not _checked("vendor.github-workflows", slip)[0]


def test_the_workflow_is_careful():
    """Actions by their commit, no right but reading, a time limit, no event's text in a script."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "grade.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert job["timeout-minutes"] <= 30 and "permissions" not in job
    for step in job["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
        assert "${{" not in step.get("run", "") and "secrets." not in str(step)
    assert job["steps"][0]["with"]["persist-credentials"] is False


def test_the_workflows_call_what_exists():
    """Every option that a workflow gives to the grader is one of its options."""
    known = {o for p in cli.command(Texts("en")).commands["grade"].params for o in p.opts}
    for path in (".github/workflows/grade.yml", ".gitlab-ci.yml"):
        text = (ROOT / path).read_text()
        call = text[text.index("python -m grader grade") :].partition("\n\n")[0]
        assert set(re.findall(r"--[a-z-]+", call)) - {"--"} <= known, path
        assert gitlab.JUNIT in text and "constraints.txt" in text
        assert {f.partition(":")[0] for f in re.findall(r"--out (\S+)", text)} <= {
            *("json", "junit", "html"),
        }


if __name__ == "__main__":
    SUMMARIES.mkdir(exist_ok=True)
    for tongue in ("en", "zh"):
        page_text = markdown.write(*example(tongue)).decode()
        (SUMMARIES / f"summary.{tongue}.md").write_text(page_text, encoding="utf-8")
