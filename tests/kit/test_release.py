"""A course's editions: nothing is given away, what is left works, and both belong together."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader import catalog as catalogs
from grader import cli, edition, misconceptions
from grader.arguments import UsageProblem
from grader.checking import answers, known
from grader.release import manifest, pages, settings, sources, writing
from tests.kit.submissions import long

ROOT = catalogs.ROOT
FILES = sources.kit_files(ROOT)
PRESENT = set(sources.students_files(FILES))
# Lines of solutions that say nothing about them: any program has them.
PLAIN = {
    *("else:", "return", "return (", "with torch.no_grad():", "super().__init__()"),
    *("for X in inputs:", 'for _ in "zrh":', "for layer in range(num_layers):", "return layer"),
}


@pytest.fixture(scope="module")
def public() -> dict[str, str]:
    """Every text file of a student's edition of the whole kit but the recorded answers."""
    chosen = settings.settings(ROOT, catalogs.load())
    written = {path: writing._students(ROOT, path, chosen, PRESENT) for path in PRESENT}
    written |= {f"exercises/{n}.py": s for n, s in writing._stubs(ROOT, catalogs.load()).items()}
    return {path: content.decode() for path, content in written.items()}


@pytest.fixture(scope="module")
def kit(tmp_path_factory) -> Path:
    """A kit with the exercises parameters and rnn alone, which is released quickly."""
    return _kit(tmp_path_factory.mktemp("kit"), ["parameters", "rnn"])


@pytest.fixture(scope="module")
def editions(kit, tmp_path_factory) -> tuple[Path, Path]:
    """A student's edition and the course's, of the small kit."""
    folder = tmp_path_factory.mktemp("editions")
    student, course = folder / "student", folder / "course"
    for words in ([str(student)], ["--server", str(course)]):
        done = _grader(kit, "release", *words)
        assert done.returncode == 0, done.stderr
    return student, course


def _kit(folder: Path, names: list[str]) -> Path:
    for path in FILES:
        if not path.startswith(("tests/kit", "tests/bench", "docs/examples")):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
    syllabus = folder / "exercises" / "syllabus.toml"
    head, *blocks = syllabus.read_text(encoding="utf-8").split("[[exercise]]")
    kept = [block for block in blocks if re.search(r'name = "(\w+)"', block)[1] in names]
    syllabus.write_text("[[exercise]]".join([head, *kept]), encoding="utf-8")
    pairs = folder / "grader" / "checking" / "pairs.py"  # two at once take most of the time
    text = pairs.read_text(encoding="utf-8")
    assert "MOST = 200" in text
    pairs.write_text(text.replace("MOST = 200", "MOST = 2"), encoding="utf-8")
    return folder


def _grader(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """``python -m grader`` in a folder, in English, with no network where that can be had."""
    alone = ["unshare", "-rn"] if _has_unshare() else []
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GRADER_", "PYTHON"))}
    return subprocess.run(
        [*alone, sys.executable, "-m", "grader", *words],
        cwd=folder,
        env={**environment, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )


def _has_unshare() -> bool:
    tool = shutil.which("unshare")
    return bool(tool) and subprocess.run([tool, "-rn", "true"], capture_output=True).returncode == 0


def _graded(folder: Path, submission: Path | str, *words: str) -> dict:
    done = _grader(folder, "grade", "--submission", str(submission), "--json", "-", *words)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def _scores(report: dict) -> dict[str, tuple[float, float]]:
    return {e["name"]: (e["score"], e["max_score"]) for e in report["exercises"]}


# What students get


def test_no_line_of_a_solution_is_given_away(public):
    """No line of a solution's body stands in any file, but those that any program has."""
    shown = {line for path, text in public.items() if _is_stub(path) for line in _lines(text)}
    secret = set().union(*(_bodies(path) for path in (ROOT / "solutions").glob("*.py")))
    secret -= PLAIN | shown
    assert len(secret) > 200
    for path, text in public.items():
        found = {line for line in _lines(text) if line in secret}
        assert found == set(), path


def test_the_test_before_would_find_one(public):
    """A line of a solution in any of the files is seen."""
    line = "return Z * H + (1 - Z) * H_tilde"
    assert line in _bodies(ROOT / "solutions" / "gru.py")
    assert line in _lines(f"    {line}  # here\n")


def _is_stub(path: str) -> bool:
    return path.startswith("exercises/") and path.endswith(".py")


def _bodies(path: Path) -> set[str]:
    """The lines of all functions' bodies, docstrings left out."""
    source = path.read_text(encoding="utf-8")
    lines, found = source.split("\n"), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            for statement in body:
                found |= _lines("\n".join(lines[statement.lineno - 1 : statement.end_lineno]))
    return {line for line in found if any(c.isalnum() for c in line)}


def _lines(text: str) -> set[str]:
    return {" ".join(line.split("#")[0].split()) for line in text.split("\n")}


def test_what_the_course_keeps_stays_there(public):
    """No solutions, wrong versions, styles, tests or teachers' tools are among the files."""
    for path in public:
        assert not path.startswith(("solutions", "tests/kit", "tests/bench", "docs/examples")), path
        assert not path.startswith(("grader/misconceptions", "grader/audit", "grader/release")), (
            path
        )
        assert "reference_" not in path and path != "release.toml", path


def test_students_pages_lead_nowhere_else(public):
    """Every relative link of a page leads to a file that students have."""
    for path, text in public.items():
        if path.endswith(".md"):
            for link in re.findall(r"\]\(([^)#\s]+)", text):
                assert pages._leads(link, path, PRESENT), (path, link)


def test_students_pages_name_no_verb_that_they_lack(public):
    """Verbs in the READMEs are those of the students' Makefile."""
    verbs = set(re.findall(r"^([a-z-]+):.*##", public["Makefile"], re.M))
    assert verbs == set(sources.VERBS) & set(re.findall(r"^([a-z-]+):.*##", _makefile(), re.M))
    for name in ("README.md", "README.zh.md"):
        assert set(re.findall(r"`make ([a-z-]+)", public[name])) <= verbs
        assert "make audit" not in public[name] and "release" not in public[name]


def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_hidden_checks_are_gone_with_their_functions():
    """A hidden check's row and function go, with helpers that nothing else uses; others stay."""
    source = (ROOT / "tests/checks/check_bptt.py").read_text(encoding="utf-8")
    hidden = {"bptt.rnn_backward.linear", "bptt.gru_step_backward.linear"}
    left = pages.checks(source, "check_bptt.py", "bptt", hidden)
    assert "def check_rnn_backward_linear" not in left and "def _linear" not in left
    assert "def check_rnn_backward_last" in left
    rows = (ROOT / "tests/checks/check_bptt.toml").read_text(encoding="utf-8")
    fewer = pages.rows(rows, "bptt", hidden)
    assert len(rows.split("\n")) - len(fewer.split("\n")) == 2


def test_checks_that_need_solutions_are_refused():
    """A check file that imports a solution can't be released, and the line says what to write."""
    with pytest.raises(UsageProblem) as stopped:
        pages.checks("from solutions import gru\n", "check_x.py", "x", set())
    assert stopped.value.sentence == "release_imports"


# Both editions at work


def test_the_student_edition_grades_without_solutions(editions):
    """A solved exercise has its full public marks, the others none, and the rest is told."""
    student, _ = editions
    assert not (student / "solutions").exists()
    shutil.copyfile(ROOT / "solutions" / "parameters.py", student / "exercises" / "parameters.py")
    report = _graded(student, "exercises")
    scores = _scores(report)
    assert scores["parameters"][0] == scores["parameters"][1] > 0
    assert scores["rnn"][0] == 0
    assert report["edition"]["elsewhere"] > 0
    whole = sum(catalogs.load().exercise(name).points for name in scores)
    assert report["max_score"] + report["edition"]["elsewhere"] == whole
    shutil.copyfile(ROOT / "solutions" / "rnn.py", student / "exercises" / "rnn.py")
    report = _graded(student, "exercises")
    assert report["score"] == report["max_score"]


def test_the_course_edition_grades_the_same_folder(editions):
    """The same file has full marks there, hidden checks and another seed included."""
    student, course = editions
    for name in ("parameters.py", "rnn.py"):
        shutil.copyfile(ROOT / "solutions" / name, student / "exercises" / name)
    report = _graded(course, student / "exercises", "rnn")
    points = float(catalogs.load().exercise("rnn").points)
    assert _scores(report) == {"rnn": (points, points)}
    assert report["seed"] == settings.settings(ROOT, catalogs.load()).server_seed


def test_a_known_mistake_has_its_name(editions, tmp_path):
    """The student's edition names a wrong version that it does not have, and shows an example."""
    wrong = next(
        m for m in misconceptions.misconceptions("rnn", "rnn_step") if m.name == "bias_missing"
    )
    solution = (ROOT / "solutions" / "rnn.py").read_text(encoding="utf-8")
    source = misconceptions.submission_source(wrong, solution)
    (tmp_path / "rnn.py").write_text(source, encoding="utf-8")
    report = _graded(editions[0], tmp_path, "rnn")
    checks = [c for f in report["exercises"][0]["functions"] for c in f["checks"]]
    failed = [c for c in checks if c["id"] == "rnn.rnn_step.values"]
    assert failed[0]["status"] == "failed"
    assert failed[0]["diagnosis"]["id"] == wrong.id
    assert failed[0]["counterexample"]
    assert "fault" not in {c["status"] for c in checks}


def test_other_seeds_are_refused_in_one_line(editions):
    """A student's edition grades with public seeds only."""
    done = _grader(editions[0], "grade", "--seed", "7")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "2026" in done.stderr


def test_teachers_commands_are_not_there(editions):
    """A student's edition has no audit, no release and no solutions to show."""
    for name in ("audit", "release", "solution", "new"):
        done = _grader(editions[0], name)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, name


def test_another_edition_is_told_in_one_line(editions, tmp_path):
    """Exercises of another release are graded, and a line says so first."""
    (tmp_path / edition.MARK).write_text("0123456789abcdef\n")
    done = _grader(editions[1], "grade", "rnn", "--submission", str(tmp_path), "--no-timing")
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if "0123456789abcdef" in line]
    assert len(lines) == 1


def test_a_release_can_be_verified(editions, kit):
    """Both editions are of one release; a change is named."""
    student, course = editions
    for path in (student / edition.UNTOUCHED).iterdir():
        shutil.copyfile(path, student / "exercises" / path.name)
    assert _grader(kit, "release", "--verify", str(student), str(course)).returncode == 0
    (student / "exercises" / "rnn.py").write_text("# mine\n")
    done = _grader(kit, "release", "--verify", str(student))
    assert done.returncode == 1 and "changed  exercises/rnn.py" in done.stdout


def test_stubs_can_be_had_again(editions):
    """A student begins an exercise again from the edition's own copy."""
    student, _ = editions
    path = student / "exercises" / "parameters.py"
    before = (ROOT / "exercises" / "parameters.py").read_bytes()
    path.write_text("spoilt\n")
    words = [sys.executable, "-m", "grader.stubs", "--force", "parameters"]
    assert subprocess.run(words, cwd=student, capture_output=True).returncode == 0
    assert path.read_bytes() == before


@long
def test_the_same_kit_gives_the_same_bytes(editions, kit, tmp_path):
    """Another release has the same files, hash for hash; answers recorded again are the same."""
    assert _grader(kit, "release", "--server", str(tmp_path / "course")).returncode == 0
    written = [(f / manifest.FILE).read_bytes() for f in (editions[1], tmp_path / "course")]
    assert written[0] == written[1]
    words = [sys.executable, "-m", "grader.release.recording", "2026", str(tmp_path), "parameters"]
    assert subprocess.run(words, cwd=kit, capture_output=True).returncode == 0
    again = _recorded(tmp_path / "answers.msgpack").answers
    before = _recorded(editions[0] / edition.ANSWERS).answers
    assert {key: bytes(before[key]) for key in again} == {k: bytes(v) for k, v in again.items()}
    first, second = (
        _mistakes(p) for p in (editions[0] / edition.MISTAKES, tmp_path / "mistakes.msgpack")
    )
    assert {name: first[name] for name in second} == second


def _recorded(path: Path) -> answers.Recorded:
    return msgspec.msgpack.decode(path.read_bytes(), type=answers.Recorded)


def _mistakes(path: Path) -> dict:
    return msgspec.msgpack.decode(path.read_bytes(), type=known.Mistakes).functions


# Wrong usage


@pytest.fixture
def english(monkeypatch):
    """Messages in English, from the kit's folder."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def _refused(capsys, *words: str) -> str:
    assert cli.main(["release", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err


def test_a_folder_that_will_not_do_is_told_in_one_line(english, capsys, tmp_path):
    """Not empty, a file, inside the kit, in no folder, not named: one line, nothing written."""
    full = tmp_path / "full"
    full.mkdir()
    (full / "work.txt").write_text("mine")
    assert "not empty" in _refused(capsys, str(full))
    assert "is a file" in _refused(capsys, str(full / "work.txt"))
    assert "inside the kit" in _refused(capsys, str(ROOT / "docs" / "student"))
    assert "inside the kit" in _refused(capsys, ".")
    assert "no folder" in _refused(capsys, str(tmp_path / "no" / "such"))
    assert "name one folder" in _refused(capsys)
    assert "name one folder" in _refused(capsys, "")
    assert "one of --server and --verify" in _refused(capsys, "--server", "--verify", "x")
    assert "no edition" in _refused(capsys, "--verify", str(full))
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["full", "work.txt"]


def test_what_fails_leaves_nothing_behind(english, monkeypatch, tmp_path):
    """An error in the middle leaves no folder and no draft of one."""

    def broken(*_: object) -> None:
        raise UsageProblem("release_not_right", text="gru.gru.values")

    monkeypatch.setattr(writing, "_finish", broken)
    assert cli.main(["release", "--server", str(tmp_path / "course")]) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled(english, tmp_path, capsys):
    """An empty folder gives way to the edition, which can be read by others."""
    (tmp_path / "course").mkdir()
    assert cli.main(["release", "--server", str(tmp_path / "course")]) == 0
    assert "course edition" in capsys.readouterr().out
    assert (tmp_path / "course").stat().st_mode & 0o777 == 0o755
    assert manifest.verify(tmp_path / "course").is_whole


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seeds = [1]\nserver_seed = 2\nhidden = ['gru.gru.nosuch']", "release_pattern"),
        ("seeds = [1]\nserver_seed = 2\nhidden = ['gru.reset_gate.*']", "release_nothing_left"),
        ("seeds = []\nserver_seed = 2", "release_settings"),
        ("seeds = [1]\nserver_seed = -2", "release_settings"),
        ("seeds = [1]\nserver_seed = 2\nhiden = []", "release_settings"),
        ("seeds = [", "release_settings"),
    ],
)
def test_settings_that_make_no_sense_are_told(tmp_path, text, sentence):
    """Each mistake in release.toml has its sentence."""
    (tmp_path / settings.FILE).write_text(text)
    with pytest.raises(UsageProblem) as stopped:
        settings.settings(tmp_path, catalogs.load())
    assert stopped.value.sentence == sentence


# Recorded answers


def test_a_recorded_answer_comes_back_as_it_was():
    """Tensors, numbers and texts in lists, tuples and dicts survive the file."""
    import torch

    recorder = answers.Recorder()
    value = ([torch.tensor([[1.5]]), None], {"a": (1, 2.5, "学", True)}, torch.zeros(0, 2))
    question = (torch.tensor([1, 2]), ["x", 0.5])
    recorder.answer("f", question, lambda: value)
    book = answers.RecordedBook(recorder.content())
    found = book.answer("f", question, lambda: pytest.fail("it must not be worked out"))
    assert found[1] == value[1] and found[0][1] is None
    assert torch.equal(found[0][0], value[0][0]) and found[2].shape == (0, 2)
    with pytest.raises(answers.NotRecorded):
        book.answer("f", (torch.tensor([1, 3]), ["x", 0.5]), lambda: None)


def test_a_file_of_another_kind_is_no_book():
    """What does not have the schema is refused, a pickle among them."""
    import pickle

    for content in (pickle.dumps({"schema": 1}), b"", msgspec.msgpack.encode({"schema": 1})):
        with pytest.raises(msgspec.DecodeError):
            answers.RecordedBook(content)


def test_questions_are_told_apart_to_the_last_bit():
    """Another function, dtype, shape, nesting or bit is another question."""
    import torch

    x = torch.ones(2, 2)
    questions = [("f", [x]), ("g", [x]), ("f", (x,)), ("f", [x.double()]), ("f", [x.reshape(4)])]
    questions += [("f", [x + 1e-7]), ("f", [1]), ("f", [1.0]), ("f", ["1"]), ("f", [True])]
    assert len({answers.digest(*question) for question in questions}) == len(questions)
    with pytest.raises(TypeError):
        answers.digest("f", [object()])


def test_a_damaged_edition_is_told(tmp_path):
    """An edition.json that is not whole has a message of its own."""
    (tmp_path / edition.FILE).write_text('{"kind": "student"}')
    with pytest.raises(edition.EditionError):
        edition.current(tmp_path)
