"""What a worker's process can still do: under each version of Landlock, and without it."""

import errno
import json
import os
import stat
import subprocess
import sys

import pytest

from grader import catalog as catalogs
from grader.report.build import sandbox_text
from grader.sandbox import landlock, sharing, syscalls
from grader.snapshot import Snapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has these layers")
AS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can change users"
)
REFUSED = {"PermissionError"}


def confined(*words):
    """What the program ``tests.kit.confined`` says."""
    line = subprocess.run(
        [sys.executable, "-m", "tests.kit.confined", *map(str, words)],
        cwd=catalogs.ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=600,
    ).stdout
    return json.loads(line)


def test_files_are_safe_under_every_version_of_landlock(tmp_path):
    """From ABI 1 on a worker reads its own files and no others, and changes nothing."""
    if not landlock.abi():
        pytest.skip("this kernel has no Landlock")
    for name in ("own", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("content")
    found = confined("files", tmp_path)
    assert list(found) == [str(version) for version in range(1, landlock.abi() + 1)]
    for version, outcomes in found.items():
        layers = outcomes.pop("layers")
        assert {"landlock", f"abi{version}"} <= set(layers)
        allowed = {name for name, outcome in outcomes.items() if outcome == "done"}
        assert allowed == {"read own", "null"}, version
        assert set(outcomes.values()) == REFUSED | {"done"}, version
    assert (tmp_path / "own" / "file").read_text() == "content"


def test_a_file_that_is_ones_own_stays_as_it_is(tmp_path):
    """Its mode, owner, times, attributes, name and locks, by whichever call; nor does one move."""
    pytest.importorskip("pyseccomp")
    path = tmp_path / "file"
    path.write_text("content")
    path.chmod(0o644)
    before = path.stat()
    found = confined("metadata", path)
    assert {found.pop(name) for name in syscalls.NUMBERS} == {errno.EPERM}
    assert set(found.values()) == REFUSED
    after = path.stat()
    assert (before.st_mode, before.st_mtime_ns, before.st_ctime_ns) == (
        after.st_mode,
        after.st_mtime_ns,
        after.st_ctime_ns,
    )


@pytest.mark.parametrize("driver", ["", "cuda"])
def test_a_driver_may_listen_where_nobody_can_come(tmp_path, driver):
    """CUDA starts only with a local socket; nobody reaches it, and there is none on the CPU."""
    pytest.importorskip("pyseccomp")
    file = tmp_path / "file"
    file.write_text("content")
    found = confined("sockets", driver, file)
    allowed = {name for name, outcome in found.items() if outcome == "done"}
    assert allowed == ({"local"} if driver else set())
    assert found.pop("remove") == ("FileNotFoundError" if driver else "PermissionError")
    assert set(found.values()) <= REFUSED | {"done"}
    assert file.read_text() == "content"


@pytest.fixture
def snapshots(tmp_path):
    """The copies of two submissions."""
    made = []
    for name in ("one", "other"):
        (tmp_path / name / "utils").mkdir(parents=True)
        for file in ("gru.py", "utils/cells.py"):
            (tmp_path / name / file).write_text("x = 1\n")
        made.append(Snapshot(tmp_path / name, {"rnn.py": ["rnn"]}))
    yield made
    for snapshot in made:
        snapshot.close()


def test_a_copy_is_nobody_elses_to_read(snapshots):
    """No part of a snapshot has a mode beyond its owner and its group, which is its own."""
    groups = set()
    for snapshot in snapshots:
        parts = [snapshot.folder, *snapshot.folder.rglob("*")]
        assert len(parts) == 5
        assert not any(stat.S_IMODE(part.stat().st_mode) & 0o027 for part in parts)
        groups.add(frozenset(part.stat().st_gid for part in parts))
    assert all(len(group) == 1 for group in groups)
    assert len(groups) == (2 if os.geteuid() == 0 else 1)


@AS_ROOT
def test_without_landlock_a_worker_of_roots_reads_its_own_copy_alone(snapshots):
    """Not the solutions that run beside it, nor another student's files."""
    found = confined("sharing", *(snapshot.folder for snapshot in snapshots))
    assert found == {
        "own": "done",
        "list own": "done",
        "other": "PermissionError",
        "list other": "PermissionError",
    }


@AS_ROOT
def test_where_a_copy_cant_be_shared_the_user_stays(tmp_path):
    """A worker that could not read its own submission is no worker."""
    tmp_path.chmod(0o700)
    assert sharing.groups_of([str(tmp_path)]) == []
    assert not sharing.readable_with([str(tmp_path)], [])
    sharing.share(tmp_path, sharing.new_group())
    assert sharing.readable_with([str(tmp_path)], sharing.groups_of([str(tmp_path)]))


def test_the_report_says_which_version_holds():
    """Behind the layers, where old readers find what they know."""
    held = ["rlimits", "landlock", "abi3", "seccomp"]
    assert sandbox_text(held, root=False) == "landlock+seccomp+rlimits, abi 3"
    lacks = "partial: no seccomp, abi 1; workers run as your user"
    assert sandbox_text(["landlock", "abi1", "rlimits"], root=False) == lacks
