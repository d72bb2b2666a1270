"""Whatever stands in a folder of submissions becomes a row each, and nothing in it acts."""

import io
import os
import pickle
import re
import string
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import catalog
from grader.batch import archives, git, intake, layouts, reading, repositories, selection, tars
from grader.batch.intake import Entry, IntakeProblem, find, materialise
from grader.locale import LANGUAGES, Texts, sentences
from grader.sandbox import limits

SOURCE = b"def gru(inputs, state, params):\n    return inputs\n"
OTHER = b"def lstm(inputs, state, params):\n    return inputs\n"
STUB = b"def gru(inputs, state, params):\n    raise NotImplementedError\n"


def put(path: Path, content: bytes = SOURCE) -> Path:
    """A file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of some files."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: list[tuple[str, bytes | tarfile.TarInfo]], mode="w") -> Path:
    """A tar of files, or of other members as they are given."""
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name) if isinstance(content, bytes) else content
            info.name = name
            if isinstance(content, bytes):
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content if isinstance(content, bytes) else b""))
    return path


def special(kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A member of a tar that is no regular file."""
    info = tarfile.TarInfo("x")
    info.type, info.linkname = kind, target
    return info


def only(folder: Path, commit: str | None = None) -> Entry:
    """The one row of a folder."""
    (entry,) = find(folder, commit)
    return entry


def files_of(entry: Entry, commit: str | None = None) -> dict[str, bytes]:
    """What is put into the folder for a row."""
    into = Path(os.path.realpath(entry.place.parent)) / ".into"
    into.mkdir()
    try:
        materialise(entry, into, commit)
        assert all(path.is_file() and not path.is_symlink() for path in into.iterdir())
        return {path.name: path.read_bytes() for path in into.iterdir()}
    finally:
        for path in into.iterdir():
            path.unlink()
        into.rmdir()


def trouble(entry: Entry, commit: str | None = None) -> str:
    """The code of what is wrong with a row, whose sentence is there and has all its fields."""
    if (code := entry.problem) is None:
        with pytest.raises(IntakeProblem) as raised:
            files_of(entry, commit)
        code, fields = raised.value.code, raised.value.fields
    else:
        fields = entry.fields
    for language in LANGUAGES:
        sentence = sentences(language)[f"intake.{code}"]
        needed = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        assert needed <= set(fields), (code, needed, fields)
        assert Texts(language).say(f"intake.{code}", **fields)
    return code


def test_folders_archives_and_files_become_a_row_each(tmp_path):
    """The student's name is the folder's or the file's; rows are sorted by id."""
    put(tmp_path / "zoe" / "gru.py")
    put(tmp_path / "Bo Li" / "gru.ipynb")
    zipped(tmp_path / "ann.zip", {"hw/gru.py": SOURCE})
    put(tmp_path / "carl.py")
    put(tmp_path / ".DS_Store")
    rows = [(row.student, row.name, row.kind, row.problem) for row in find(tmp_path)]
    assert rows == [
        ("ann", "ann", "archive", None),
        ("Bo_Li", "Bo Li", "folder", None),
        ("carl", "carl", "file", None),
        ("zoe", "zoe", "folder", None),
    ]
    assert find(tmp_path) == find(tmp_path)


@pytest.mark.parametrize("place", ["", "exercises/", "hw/", "hw/exercises/"])
@pytest.mark.parametrize("form", ["folder", "zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_exercises_are_found_where_they_may_lie(tmp_path, place, form):
    """At the top, in the only folder, in ``exercises``: the same from a folder and an archive."""
    files = {f"{place}gru.py": SOURCE, f"{place}helper.py": b"x = 1\n", f"{place}data.csv": b"1"}
    if form == "folder":
        for name, content in files.items():
            put(tmp_path / "ann" / name, content)
    elif form == "zip":
        zipped(tmp_path / "ann.zip", files)
    else:
        mode = "w:" + form.partition(".")[2]
        tarred(tmp_path / f"ann.{form}", list(files.items()), mode)
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE, "helper.py": b"x = 1\n"}


def test_a_fork_of_the_kit_is_graded_by_its_exercises(tmp_path):
    """The solutions of the fork, or of a zip of it, are never taken."""
    for top in ("ann/", "ann/", "bo/gatecheck-main/"):
        put(tmp_path / f"{top}exercises/gru.py")
        put(tmp_path / f"{top}solutions/gru.py", OTHER)
        put(tmp_path / f"{top}grader/cli.py", OTHER)
    assert [files_of(row) for row in find(tmp_path)] == [{"gru.py": SOURCE}] * 2


def test_of_two_versions_the_one_counts_that_was_worked_on(tmp_path):
    """An untouched stub gives way; two different versions are a row that says so."""
    put(tmp_path / "ann" / "gru.py", STUB)
    put(tmp_path / "ann" / "exercises" / "gru.py")
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE}
    put(tmp_path / "ann" / "gru.py", OTHER)
    assert trouble(only(tmp_path)) == "twice"


def test_an_archive_in_a_students_folder_is_opened(tmp_path):
    """As Moodle's folders have it; an archive in an archive is not."""
    folder = tmp_path / "Ann Lee_77_assignsubmission_file_"
    folder.mkdir()
    inner = zipped(folder / "hw.zip", {"hw/gru.py": SOURCE})
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE}
    content = inner.read_bytes()
    zipped(inner, {"again.zip": content})
    assert trouble(only(tmp_path)) == "no_exercises"


def test_moodle_downloads_are_recognised(tmp_path):
    """Folders or loose files; text from a form beside a file is passed over."""
    put(tmp_path / "Zoë Ng_12_assignsubmission_file_" / "gru.py")
    put(tmp_path / "Zoë Ng_12_assignsubmission_onlinetext_" / "onlinetext.html")
    put(tmp_path / "Bo_13_assignsubmission_file_gru.py")
    put(tmp_path / "Bo_13_assignsubmission_file_lstm.py", OTHER)
    put(tmp_path / "Cy_14_assignsubmission_onlinetext_" / "onlinetext.html")
    bo, cy, zoe = find(tmp_path)
    assert (bo.student, bo.kind, files_of(bo)) == (
        "Bo_13",
        "files",
        {"gru.py": SOURCE, "lstm.py": OTHER},
    )
    assert trouble(cy) == "only_text"
    assert (zoe.student, zoe.name, zoe.kind) == ("Zoë_Ng_12", "Zoë Ng", "folder")


def test_canvas_downloads_are_recognised(tmp_path):
    """Files go together by the user's number, late is late, the last upload counts."""
    put(tmp_path / "leeann_LATE_5_101_gru.py", OTHER)
    put(tmp_path / "leeann_LATE_5_102_gru-1.py")
    put(tmp_path / "leeann_LATE_5_103_lstm.py", OTHER)
    put(tmp_path / "leeann_6_104_gru.py")
    first, second = find(tmp_path)
    assert (first.student, first.late, second.late) == ("leeann_5", True, False)
    assert files_of(first) == {"gru.py": SOURCE, "lstm.py": OTHER}
    assert (second.student, second.kind) == ("leeann_6", "file")


GRADESCOPE = """---
submission_11:
  :submitters:
  - :name: 张伟
    :sid: '7'
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: [{name: x, ":submitters": [{":name": no}]}]
submission_12:
  :submitters: &both
  - {":name": Ann, ":sid": }
  - {":name": Bo, ":sid": "9"}
submission_13:
  :submitters: *both
"""


def test_gradescope_exports_are_recognised(tmp_path):
    """Names come from the metadata, in whatever folder the export was unpacked."""
    folder = tmp_path / "assignment_1_export"
    put(folder / layouts.METADATA, GRADESCOPE.encode())
    put(folder / "submission_11" / "gru.py")
    put(folder / "submission_12" / "gru.py")
    rows = {row.student: row for row in find(tmp_path)}
    assert {student: row.name for student, row in rows.items()} == {
        "张伟_7": "张伟",
        "Ann_Bo_9": "Ann, Bo",
        "submission_13_submission_13": "submission_13",
    }
    assert trouble(rows["submission_13_submission_13"]) == "folder_missing"


@pytest.mark.parametrize("content", [b"", b"a: [", b"\xff\xfe\x00", b"- x\n- y\n", b"x: &a [*a]"])
def test_metadata_that_makes_no_sense_stops_nothing(tmp_path, content):
    """The folders are graded under their own names."""
    put(tmp_path / layouts.METADATA, content)
    put(tmp_path / "submission_11" / "gru.py")
    assert [row.name for row in find(tmp_path) if row.kind == "folder"] == ["submission_11"]


def test_files_named_after_student_and_exercise_go_together(tmp_path):
    """And a file that only its student's name is on is known by its functions."""
    put(tmp_path / "ann_gru.py")
    put(tmp_path / "lstm-ann.py", OTHER)
    put(tmp_path / "bo.py")
    put(tmp_path / "cy.py", b"print(1)\n")
    ann, bo, cy = find(tmp_path)
    assert files_of(ann) == {"gru.py": SOURCE, "lstm.py": OTHER}
    assert files_of(bo) == {"gru.py": SOURCE}
    assert trouble(cy) == "which_exercise"


def test_a_folder_of_exercises_is_one_submission(tmp_path):
    """Where somebody names a submission in place of a folder of them."""
    put(tmp_path / "ann" / "gru.py")
    put(tmp_path / "ann" / "lstm.py", OTHER)
    entry = only(tmp_path / "ann")
    assert (entry.student, entry.kind) == ("ann", "files")
    assert set(files_of(entry)) == {"gru.py", "lstm.py"}


def test_names_that_a_disk_takes_for_each_other_have_ids_of_their_own(tmp_path):
    """Case, Unicode forms, and a folder beside the archive that it came from."""
    for name in ("Ann", "ann", "Jos\u00e9", "Jose\u0301", "dan"):
        put(tmp_path / name / "gru.py")
    zipped(tmp_path / "dan.zip", {"gru.py": SOURCE})
    rows = find(tmp_path)
    assert len({selection.folded(row.student) for row in rows}) == 6
    assert all(row.fields["alike"] and row.problem is None for row in rows)
    assert {"dan", "dan (dan.zip)"} <= {row.name for row in rows}


NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=60
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_names_in_any_script_become_rows(tmp_path_factory, names):
    """Ids are unique, short, and name a file on every system; what is shown is one clean line."""
    folder = tmp_path_factory.mktemp("names")
    made = 0
    for name in names:
        try:
            (folder / name).mkdir()
        except (OSError, ValueError):
            continue  # this disk has no such name, or has it already
        made += not layouts.is_beside(name)
    rows = find(folder)
    assert len(rows) == made
    assert len({selection.folded(row.student) for row in rows}) == made
    for row in rows:
        assert 1 <= len(row.student) <= 80 and len(row.student.encode()) <= 200
        assert re.fullmatch(r"[^\W][\w.\-]*|_[\w.\-]+", row.student) or not row.student.isascii()
        assert not set(row.student) & set('/\\:*?"<>|') and row.student.isprintable()
        assert row.name.isprintable() and "\n" not in row.name
        put(folder.parent / "out" / f"{row.student}.json")


def test_names_that_are_no_unicode_become_rows(tmp_path):
    """Bytes in another encoding, as an old zip program leaves them."""
    os.mkdir(os.fsencode(tmp_path) + b"/\xd5\xc5\xce\xb0")
    os.mkdir(os.fsencode(tmp_path) + b"/\xd5\xc5\xce\xb1")
    first, second = find(tmp_path)
    assert first.student != second.student
    first.student.encode()


def test_what_is_no_submission_is_a_row(tmp_path):
    """Empty folders, links, FIFOs, documents, foreign archives: each with its sentence."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "hidden").mkdir()
    put(tmp_path / "hidden" / ".DS_Store")
    os.symlink("/etc", tmp_path / "link")
    os.symlink("/etc/passwd", tmp_path / "linked.py")
    os.mkfifo(tmp_path / "fifo.py")
    put(tmp_path / "notes.pdf")
    put(tmp_path / "work.rar")
    put(tmp_path / "words" / "notes.txt")
    put(tmp_path / "named" / "GRU.py")
    assert {row.name: trouble(row) for row in find(tmp_path)} == {
        "empty": "empty",
        "hidden": "empty",
        "link": "link",
        "linked": "link",
        "fifo": "file_special",
        "notes.pdf": "no_submission",
        "work.rar": "archive_foreign",
        "words": "no_exercises",
        "named": "no_exercises_but",
    }


def test_files_that_can_not_be_taken_are_named(tmp_path):
    """A gigabyte, a link out, a FIFO, a pointer to a large file."""
    put(tmp_path / "big" / "gru.py", b"")
    os.truncate(tmp_path / "big" / "gru.py", 1 << 30)
    (tmp_path / "link").mkdir()
    os.symlink("/etc/passwd", tmp_path / "link" / "gru.py")
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo" / "gru.py")
    put(tmp_path / "lfs" / "gru.py", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
    assert {row.name: trouble(row) for row in find(tmp_path)} == {
        "big": "file_too_large",
        "link": "file_link",
        "fifo": "file_special",
        "lfs": "large_file_pointer",
    }


def test_thousands_of_files_are_a_row(tmp_path, monkeypatch):
    """In one student's folder, and at the top."""
    monkeypatch.setattr(reading, "ENTRIES", 20)
    for number in range(30):
        put(tmp_path / "ann" / f"f{number}.txt")
    put(tmp_path / "bo" / "gru.py")
    assert {row.student: row.problem for row in find(tmp_path)} == {
        "ann": "folder_full",
        "bo": None,
    }
    assert trouble(find(tmp_path)[0]) == "folder_full"
    monkeypatch.setattr(intake, "ENTRIES", 1)
    assert "folder_full" in [row.problem for row in find(tmp_path)]


def test_a_folder_that_is_none_is_said_at_once(tmp_path):
    """The one case in which there are no rows."""
    with pytest.raises(IntakeProblem) as raised:
        find(tmp_path / "none")
    assert raised.value.code == "no_folder"


ESCAPES = [
    "../gru.py",
    "/gru.py",
    "a/../../gru.py",
    "..\\gru.py",
    "C:\\gru.py",
    "a\\..\\..\\gru.py",
]


@pytest.mark.parametrize("name", ESCAPES)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_paths_out_of_an_archive_are_refused(tmp_path, name, kind):
    """Whatever else is in it, and nothing is written outside."""
    if kind == "zip":
        zipped(tmp_path / "ann.zip", {"gru.py": SOURCE, name: OTHER})
    else:
        tarred(tmp_path / "ann.tar", [("gru.py", SOURCE), (name, OTHER)])
    assert trouble(only(tmp_path)) == "archive_escape"
    assert [path.name for path in tmp_path.iterdir()] == [f"ann.{kind}"]


def test_a_nul_in_a_zips_name_is_refused(tmp_path):
    """zipfile itself would cut the name there."""
    path = zipped(tmp_path / "ann.zip", {"gru.py": SOURCE, "rnn.pyXsh": OTHER})
    path.write_bytes(path.read_bytes().replace(b"rnn.pyXsh", b"rnn.py\0sh"))
    assert trouble(only(tmp_path)) == "archive_escape"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_never_made(tmp_path, kind):
    """Beside the work they are passed over; in the place of an exercise they are the problem."""
    odd = special(kind, "/etc/passwd")
    tarred(tmp_path / "ann.tar", [("gru.py", SOURCE), ("venv/bin/python", odd)])
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE}
    tarred(tmp_path / "ann.tar", [("lstm.py", OTHER), ("gru.py", odd)])
    assert trouble(only(tmp_path)) in ("file_link", "file_special")


def test_a_link_in_a_zip_is_never_made(tmp_path):
    """Its text is not taken for a source."""
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        info = zipfile.ZipInfo("gru.py")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert trouble(only(tmp_path)) == "file_link"


def test_a_protected_zip_says_so(tmp_path):
    """The flag of encryption, in both headers."""
    path = zipped(tmp_path / "ann.zip", {"gru.py": SOURCE}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert trouble(only(tmp_path)) == "archive_encrypted"


def test_methods_without_a_bound_are_not_used(tmp_path):
    """zipfile expands a piece of bzip2 or LZMA as far as it goes."""
    zipped(tmp_path / "ann.zip", {"gru.py": SOURCE}, zipfile.ZIP_BZIP2)
    assert trouble(only(tmp_path)) == "archive_method"


def test_bombs_are_noticed_by_what_comes_out(tmp_path):
    """Of a zip and of compressed tars; small headers promise nothing."""
    zipped(tmp_path / "zip.zip", {"gru.ipynb": bytes(3 << 20)})
    for form in ("gz", "bz2", "xz"):
        tarred(tmp_path / f"{form}.tar.{form}", [("data.bin", bytes(9 << 20))], f"w:{form}")
    assert {row.name: trouble(row) for row in find(tmp_path)} == dict.fromkeys(
        ("zip", "gz", "bz2", "xz"), "archive_ratio"
    )


def test_sizes_in_headers_are_not_believed(tmp_path):
    """A member that is larger, or smaller, than its header says is a row."""
    path = zipped(tmp_path / "zip.zip", {"gru.py": SOURCE * 50})
    small = (10).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(len(SOURCE * 50).to_bytes(4, "little"), small))
    info = tarfile.TarInfo("gru.py")
    info.size = 1 << 40
    put(tmp_path / "tar.tar", info.tobuf() + SOURCE)
    assert {row.name: trouble(row) for row in find(tmp_path)} == {
        "zip": "file_damaged",
        "tar": "archive_cut",
    }


def test_limits_of_archives(tmp_path, monkeypatch):
    """Members, bytes kept, a zip's table of contents, a tar's length and headers."""
    files = {f"h{number}.py": os.urandom(500) for number in range(12)}
    zipped(tmp_path / "a.zip", files)
    tarred(tmp_path / "b.tar", list(files.items()))
    row, tar = find(tmp_path)
    for module, name, value, code, rows in (
        (archives, "MEMBERS", 10, "archive_members", (row, tar)),
        (archives, "KEPT_BYTES", 1000, "archive_bytes", (row, tar)),
        (archives, "DIRECTORY_BYTES", 100, "archive_members", (row,)),
        (tars, "STREAM_BYTES", 3000, "archive_bytes", (tar,)),
        (tars, "HEADERS", 5, "archive_members", (tar,)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert [trouble(each) for each in rows] == [code] * len(rows), name


def test_a_tars_header_may_not_be_long(tmp_path):
    """Neither a long name nor pax records are read into memory without a bound."""
    for kind in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
        info = special(kind)
        info.size = 1 << 20
        put(tmp_path / "ann.tar", info.tobuf() + b"1" * (1 << 20))
        assert trouble(only(tmp_path)) == "archive_header"


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_tars_are_read(tmp_path, form):
    """In either dialect."""
    name = "文件夹" * 40
    with tarfile.open(tmp_path / "ann.tar", "w", format=form) as archive:
        info = tarfile.TarInfo(f"{name}/gru.py")
        info.size = len(SOURCE)
        archive.addfile(info, io.BytesIO(SOURCE))
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE}


def test_a_member_that_is_there_twice_is_a_row(tmp_path):
    """Programs disagree on which of them counts."""
    tarred(tmp_path / "ann.tar", [("gru.py", SOURCE), ("./gru.py", OTHER)])
    assert trouble(only(tmp_path)) == "archive_twice"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), ending=st.sampled_from([".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2"]))
def test_damaged_archives_are_rows(tmp_path_factory, data, ending):
    """Whatever bytes are changed, cut off or made up: files, or a problem with a sentence."""
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / f"ann{ending}"
    if ending == ".zip":
        zipped(path, {"gru.py": SOURCE, "b/lstm.py": OTHER})
    else:
        tarred(path, [("gru.py", SOURCE), ("b/lstm.py", OTHER)], "w:" + ending[5:])
    content = bytearray(path.read_bytes()[: data.draw(st.integers(0, 12_000))])
    for _ in range(data.draw(st.integers(0, 6))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    entry = only(folder)
    try:
        files_of(entry)
    except IntakeProblem:
        trouble(entry)


def git_in(folder: Path, *command: str) -> str:
    """A git command as a student would type it."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@x",
    }  # fmt: skip
    done = subprocess.run(["git", *command], cwd=folder, env=environment, check=True, stdout=-1)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with two commits and work that is not committed."""
    folder = tmp_path / "all" / "ann"
    put(folder / "exercises" / "gru.py", OTHER)
    git_in(folder, "init", "-q", "-b", "main")
    git_in(folder, "add", ".")
    git_in(folder, "commit", "-qm", "one")
    git_in(folder, "tag", "-a", "v1", "-m", "x")
    put(folder / "exercises" / "gru.py")
    git_in(folder, "commit", "-qam", "two")
    put(folder / "exercises" / "gru.py", b"not committed")
    return folder


def test_a_repository_is_read_at_a_commit(repository):
    """HEAD by default; a hash, its beginning, a branch, a tag, or some before one of them."""
    entry = only(repository.parent)
    assert (entry.kind, files_of(entry)) == ("repository", {"gru.py": SOURCE})
    first = git_in(repository, "rev-parse", "HEAD~1")
    for commit in (first, first[:8], "v1", "main~1", "HEAD^", "refs/heads/main~1"):
        assert files_of(entry, commit) == {"gru.py": OTHER}, commit
    for commit in ("0" * 40, "none", "--help", "HEAD~9", "../x", "v1 x", "-x", "main:x"):
        assert trouble(entry, commit) == "no_commit"


@pytest.mark.parametrize("how", ["bare", "packed", "gc"])
def test_bare_and_packed_repositories_are_read(repository, tmp_path, how):
    """As a server or `git gc` leaves them."""
    if how == "gc":
        git_in(repository, "gc", "-q")
        assert files_of(only(repository.parent), "v1") == {"gru.py": OTHER}
        return
    git_in(tmp_path, "clone", "-q", "--bare", str(repository), str(tmp_path / "bare" / "bo.git"))
    if how == "packed":
        git_in(tmp_path / "bare" / "bo.git", "pack-refs", "--all")
    entry = only(tmp_path / "bare")
    assert (entry.kind, files_of(entry)) == ("repository", {"gru.py": SOURCE})


def test_a_repository_without_a_commit_is_a_folder(tmp_path):
    """After `git init` alone the working files are what was handed in."""
    put(tmp_path / "ann" / "gru.py")
    git_in(tmp_path / "ann", "init", "-q")
    entry = only(tmp_path)
    assert (entry.kind, files_of(entry)) == ("folder", {"gru.py": SOURCE})
    git_in(tmp_path / "ann", "init", "-q", "--bare", str(tmp_path / "bo" / "b.git"))
    assert trouble(find(tmp_path)[1]) == "repository_empty"


def test_nothing_in_a_repository_is_run(repository, tmp_path):
    """Hooks, configuration, filters, text conversions, monitors, remotes: none of them acts."""
    proof = tmp_path / "proof"
    script = put(tmp_path / "evil.sh", f"#!/bin/sh\ntouch {proof}\ncat\n".encode())
    script.chmod(0o755)
    for name in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        put(repository / ".git" / "hooks" / name, script.read_bytes()).chmod(0o755)
    config = "\n".join(
        f"[{section}]\n\t{key} = {script}"
        for section, key in (
            ("core", "fsmonitor"), ("core", "pager"), ("core", "sshCommand"), ("core", "askPass"),
            ("filter \"f\"", "smudge"), ("filter \"f\"", "process"), ("diff \"f\"", "textconv"),
            ("include", "path"), ("remote \"origin\"", "uploadpack"), ("gpg", "program"),
            ("core", "gitProxy"), ("alias", "cat-file"), ("credential", "helper"),
        )
    )  # fmt: skip
    partial = (
        "\n[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        f'[remote "origin"]\n\tpromisor = true\n\turl = ext::{script}\n'
        "[protocol]\n\tallow = always\n"
    )
    with open(repository / ".git" / "config", "a") as file:
        file.write(config + partial)
    put(repository / ".git" / "info" / "attributes", b"* filter=f diff=f export-ignore ident\n")
    entry = only(repository.parent)
    assert files_of(entry) == {"gru.py": SOURCE}
    for path in (repository / ".git" / "objects").glob("[0-9a-f][0-9a-f]/*"):
        path.unlink()
    assert trouble(entry) == "no_commit"
    assert not proof.exists()


def test_objects_elsewhere_are_not_read(repository):
    """Alternates and links would show other people's files."""
    objects = repository / ".git" / "objects"
    alternates = put(objects / "info" / "alternates", b"/elsewhere\n")
    assert trouble(only(repository.parent)) == "repository_elsewhere"
    alternates.unlink()
    os.symlink("/tmp", objects / "pack" / "x.pack")
    assert trouble(only(repository.parent)) == "repository_elsewhere"


def test_a_work_tree_of_another_repository_is_not_followed(tmp_path):
    """Without a commit its files are taken; a commit of it stands elsewhere."""
    put(tmp_path / "ann" / "gru.py")
    put(tmp_path / "ann" / ".git", b"gitdir: /elsewhere\n")
    assert files_of(only(tmp_path)) == {"gru.py": SOURCE}
    assert trouble(only(tmp_path, "main"), "main") == "repository_elsewhere"


def test_repositories_with_long_hashes_are_read(tmp_path):
    """SHA-256, by HEAD and by the beginning of a hash."""
    folder = tmp_path / "all" / "ann"
    put(folder / "gru.py")
    git_in(folder, "init", "-q", "--object-format=sha256")
    git_in(folder, "add", ".")
    git_in(folder, "commit", "-qm", "one")
    for commit in (None, git_in(folder, "rev-parse", "HEAD")[:9]):
        assert files_of(only(folder.parent), commit) == {"gru.py": SOURCE}


def test_problems_and_rows_travel_between_processes(tmp_path):
    """With their codes and fields."""
    (tmp_path / "ann").mkdir()
    entry = only(tmp_path)
    assert pickle.loads(pickle.dumps(entry)) == entry
    wrong = pickle.loads(pickle.dumps(selection.problem("twice", "a.py", other="b.py")))
    assert (wrong.code, wrong.fields) == ("twice", {"file": "a.py", "other": "b.py"})


def test_links_submodules_and_large_files_of_a_commit(repository):
    """A link in the place of an exercise is the problem; a submodule is not followed."""
    path = repository / "exercises" / "gru.py"
    head = git_in(repository, "rev-parse", "HEAD")
    git_in(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},module")
    put(path, bytes(limits.SOURCE_BYTES + 1))
    git_in(repository, "commit", "-qam", "large")
    assert trouble(only(repository.parent)) == "file_too_large"
    path.unlink()
    os.symlink("/etc/passwd", path)
    git_in(repository, "commit", "-qam", "link")
    assert trouble(only(repository.parent)) == "file_link"
    assert files_of(only(repository.parent), "HEAD~2") == {"gru.py": SOURCE}


def test_git_has_its_time(repository, monkeypatch, tmp_path):
    """A git that hangs is stopped, with what it started."""
    slow = put(tmp_path / "bin" / "git", b"#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "SECONDS", 0.2)
    assert trouble(only(repository.parent)) == "repository_slow"


def test_without_git_the_row_says_so(repository, monkeypatch):
    """The others are graded."""
    monkeypatch.setattr(repositories.shutil, "which", lambda name: None)
    assert trouble(only(repository.parent)) == "git_missing"


def test_references_outside_the_repository_are_not_followed(repository):
    """HEAD may say anything."""
    for text in (
        "ref: ../../../etc/passwd",
        "ref: refs/../../x",
        "garbage",
        "ref: refs/heads/main",
    ):
        put(repository / ".git" / "HEAD", text.encode())
        entry = only(repository.parent)
        if entry.kind == "repository":
            assert files_of(entry) == {"gru.py": SOURCE}
        else:
            assert files_of(entry) == {"gru.py": b"not committed"}


def test_the_disk_of_the_copy_is_not_the_submissions_fault(tmp_path):
    """A problem with a code of its own, so that it can be tried again."""
    put(tmp_path / "ann" / "gru.py")
    with pytest.raises(IntakeProblem) as raised:
        materialise(only(tmp_path), tmp_path / "none")
    assert raised.value.code == "unwritable"


def test_surprises_in_reading_are_problems(tmp_path, monkeypatch):
    """Nothing but an IntakeProblem comes out, whatever a library makes of a file."""
    zipped(tmp_path / "ann.zip", {"gru.py": SOURCE})
    monkeypatch.setattr(reading.archives, "read", lambda path: 1 / 0)
    assert trouble(only(tmp_path)) == "unreadable"


def test_every_problem_has_its_sentence_and_every_sentence_its_problem():
    """In table [intake], as far as codes are written out."""
    folder = catalog.ROOT / "grader" / "batch"
    names = ("intake", "layouts", "archives", "tars", "repositories", "git", "reading", "selection")
    text = "\n".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in names)
    raised = set(re.findall(r'roblem\(\s*"([a-z_]+)"', text))
    known = {name.removeprefix("intake.") for name in sentences("en") if name.startswith("intake.")}
    assert raised <= known
    assert {name for name in known if f'"{name}"' not in text} == set()
