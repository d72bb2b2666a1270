"""The autograder for Gradescope: one zip file, tried in a folder laid out like a bare container."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader import cli
from grader.arguments import write_json
from grader.commands import gradescope
from tests.kit import format_checkers as checkers

ROOT = Path(__file__).resolve().parents[2]
METADATA = {
    "id": 123456,
    "created_at": "2026-11-24T08:00:00.000000-07:00",
    "assignment": {"title": "Lab 1", "total_points": "20.0", "late_due_date": None},
    "submission_method": "upload",
    "users": [{"email": "ada@uni.example", "id": 1, "name": "Ada"}],
    "previous_submissions": [],
}
HOSTILE = """
import os, sys, json, atexit
fake = json.dumps({"score": 999, "tests": []})
def strike():
    found = []
    for root in (%r, "/autograder"):
        for name in ("results/results.json", "results/results.part", "source/settings.json"):
            try:
                with open(os.path.join(root, name), "w") as file:
                    file.write(fake)
                found.append("wrote " + name)
            except OSError as error:
                found.append(type(error).__name__)
        for name in ("source/kit/solutions/parameters.py", "source/settings.json"):
            try:
                found.append("read " + open(os.path.join(root, name)).read()[:40])
            except OSError as error:
                found.append(type(error).__name__)
    return found
first = strike()
atexit.register(strike)
def zero_param(size, device=None):
    raise ValueError(str(first + strike()))
def normal_param(shape, device=None):
    strike()
    os._exit(0)
"""


@pytest.fixture(scope="module")
def zip_file(tmp_path_factory):
    """The zip file for two exercises, as the command writes it."""
    path = tmp_path_factory.mktemp("zip") / "autograder.zip"
    words = ["gradescope", "parameters", "--no-timing", "--lang", "en", "--out", str(path)]
    assert cli.main(words) == 0
    return path


@pytest.fixture()
def container(zip_file, tmp_path):
    """What Gradescope makes of the zip file, under another root."""
    root = tmp_path / "autograder"
    with zipfile.ZipFile(zip_file) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, root / "source"))
            path.chmod(entry.external_attr >> 16 & 0o777)
    (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "submission").mkdir()
    (root / "results").mkdir()
    (root / "submission_metadata.json").write_text(json.dumps(METADATA))
    return root


def run(root, **variables):
    """Run the autograder as the platform does, with this test's Python."""
    environment = {"PATH": os.environ["PATH"], "GATECHECK_ROOT": str(root), "SECRET": "canary"}
    environment |= {"GATECHECK_PYTHON": sys.executable, **variables}
    done = subprocess.run(
        [str(root / "run_autograder")], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    content = (root / "results" / "results.json").read_bytes()
    return checkers.gradescope(content), done.stdout + done.stderr


def test_the_zip_file_is_the_same_each_time(zip_file):
    """The same kit, the same bytes; scripts at the top and executable; no caches, no stubs."""
    with zipfile.ZipFile(zip_file) as archive:
        names = archive.namelist()
        modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
        chosen = json.loads(archive.read("settings.json"))
    assert gradescope.archive(chosen) == zip_file.read_bytes()
    assert modes["setup.sh"] == modes["run_autograder"] == 0o100755
    assert names == sorted(names) and not any("__pycache__" in name for name in names)
    assert "kit/solutions/gru.py" in names and "kit/exercises/gru.py" not in names
    assert (chosen["exercises"], chosen["points"]) == (["parameters"], 51)


def test_the_lock_names_what_grading_needs(zip_file):
    """Requirements are the project's own, in the constraints' versions; the script takes both."""
    with zipfile.ZipFile(zip_file) as archive:
        needed = archive.read("requirements.txt").decode().splitlines()
        locked = archive.read("constraints.txt").decode()
        script = archive.read("setup.sh").decode()
    assert any(line.startswith("torch") for line in needed)
    for line in needed:
        name = line.partition(">=")[0]
        assert f"{name.lower()}==" in locked.lower(), name
    assert "constraints.txt" in script and "requirements.txt" in script and "apt-get" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0


def test_a_submission_is_graded_in_a_bare_container(container):
    """Results of the right form, wherever the files lie in the upload; a hint for instructors."""
    folder = container / "submission" / "my-lab" / "exercises"
    folder.mkdir(parents=True)
    (folder / "parameters.py").write_text((ROOT / "solutions" / "parameters.py").read_text())
    found, log = run(container)
    assert found["score"] == 51 and {test["status"] for test in found["tests"]} == {"passed"}
    assert "the exercises give 51 points, the assignment 20" in log


def test_a_hostile_submission_writes_no_results(container):
    """Results and settings can't be written, solutions can't be read; the score is what it is."""
    source = HOSTILE % str(container)
    (container / "submission" / "parameters.py").write_text(source)
    before = (container / "source" / "settings.json").read_bytes()
    found, log = run(container)
    assert found["score"] == 0 and len(found["tests"]) == 4
    assert "999" not in json.dumps(found) and "canary" not in json.dumps(found) + log
    assert (container / "source" / "settings.json").read_bytes() == before
    said = next(test for test in found["tests"] if test["name"] == "parameters.zero_param")
    assert "Error" in said["output"] and "wrote" not in said["output"]
    assert "read def" not in said["output"] and 'read "' not in said["output"]


@pytest.mark.parametrize(
    "command", ["exit 70", "kill -9 $$", "echo not json > $DRAFT; exit 1", "echo '{}' > $DRAFT"]
)
def test_when_the_grader_crashes_results_say_so(container, command):
    """No results, half of them, none that can be read: a sentence, and no word about the code."""
    fake = container / "python"
    fake.write_text(f'#!/bin/bash\nDRAFT="${{@: -1}}"; DRAFT="${{DRAFT#gradescope:}}"\n{command}\n')
    fake.chmod(0o755)
    found, _ = run(container, GATECHECK_PYTHON=str(fake))
    assert found["score"] == 0 and found["tests"] == []
    assert "autograder itself failed" in found["output"]


def test_a_grader_that_does_not_end_is_stopped(container):
    """Before the platform ends the run and shows nothing, we end it and say so."""
    path = container / "source" / "settings.json"
    write_json(str(path), json.dumps(json.loads(path.read_text()) | {"seconds": 0.3}).encode())
    fake = container / "python"
    fake.write_text("#!/bin/bash\nexec sleep 60\n")
    fake.chmod(0o755)
    found, log = run(container, GATECHECK_PYTHON=str(fake))
    assert "took too long" in found["output"] and "stopped after" in log


def test_a_broken_upload_of_the_course_leaves_results_too(container):
    """Without settings, or without Python, there are results that say that something failed."""
    (container / "source" / "settings.json").unlink()
    assert "autograder failed" in run(container)[0]["output"]


def test_results_of_an_earlier_run_are_not_shown_again(container):
    """What lies in results.json from before is replaced first of all."""
    (container / "results" / "results.json").write_text('{"score": 100, "tests": []}')
    found, _ = run(container, GATECHECK_PYTHON="/no/such/python")
    assert found["score"] == 0


def test_wrong_usage_is_one_line(capsys, tmp_path):
    """An unknown exercise, a folder as file, a seed that is none: exit code 2, nothing written."""
    for words, expected in (
        (["gur"], "Did you mean gru?"),
        (["--out", str(tmp_path)], "is a folder"),
        (["--out", "no/such/a.zip"], "no folder no/such"),
        (["--seed", "x"], "--seed N"),
        (["--lang", "fr"], "--lang en"),
    ):
        assert (
            cli.main(["gradescope", *words, *([] if "--lang" in words else ["--lang", "en"])]) == 2
        )
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1 and expected in captured.err
    assert list(tmp_path.iterdir()) == []
