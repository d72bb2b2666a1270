"""A batch on a Dask cluster: the results of one machine, whoever dies meanwhile."""

import dataclasses
import json
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader import cli, device_lock
from grader.batch import cluster, connection, outpost, running, tasks
from grader.batch.cluster import Cluster, ClusterProblem
from grader.batch.intake import find
from grader.batch.pool import Done
from grader.batch.running import Again, Batch
from grader.batch.store import FAULT, GRADED, Gradebook
from grader.batch.tasks import Options, Task, perform
from grader.locale import Texts
from tests.kit import batching
from tests.kit.clusters import Machines, deadly, machines, marking, slow, until
from tests.kit.submissions import long
from tests.kit.test_batch_run import rows

pytest.importorskip("distributed")

OPTIONS = Options(("gru",), 1, 2, "en")
TEXTS = Texts("en")
SOLUTION = (catalogs.ROOT / "solutions" / "parameters.py").read_text(encoding="utf-8")
WRONG = "\n\ndef zero_param(size, device=None):\n    return 0 / 0\n"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A scheduler with two workers, for tests that leave them alive."""
    with machines(tmp_path_factory.mktemp("pair"), one=(), two=()) as here:
        yield here


def spread(
    here: Machines, submissions: Path, out: Path, make=batching.quick,
    options: Options = OPTIONS, said: list | None = None, changed=lambda entry, result: None,
) -> running.Count:  # fmt: skip
    """A batch on a cluster with a stand-in for grading; its count."""
    out.mkdir(exist_ok=True)
    say = (said if said is not None else []).append
    with Cluster(here.address, TEXTS, say, make) as there, Gradebook(out / "gradebook.db") as book:
        chosen = there.agreed(options)
        given = (book, chosen, TEXTS, Again(), 1, changed, lambda busy: None)
        return Batch(*given, spread=there.graded).run(find(submissions))


def alone(submissions: Path, out: Path, options: Options = OPTIONS) -> None:
    """The same on this machine."""
    out.mkdir()
    with Gradebook(out / "gradebook.db") as book:
        given = (book, options, TEXTS, Again(), 1, lambda entry, result: None, lambda busy: None)
        Batch(*given, make=batching.quick).run(find(submissions))


def a_class(folder: Path, size: int, text: str = "") -> Path:
    """Students with different files."""
    for number in range(size):
        (folder / f"s{number:02}").mkdir(parents=True)
        (folder / f"s{number:02}" / "gru.py").write_text(f"x{number} {text}\n")
    return folder


@long
def test_results_are_those_of_one_machine_to_the_byte(engine, tmp_path, capfd):
    """Real gradings from the command line, right and wrong; rows but for when and where."""
    folder = tmp_path / "class"
    for name, source in {"ann": SOLUTION, "bob": SOLUTION + WRONG, "eve": "def ("}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "parameters.py").write_text(source, encoding="utf-8")
    here, there = tmp_path / "here", tmp_path / "there"
    with machines(tmp_path / "net", one=()) as net:
        words = ["batch", str(folder), "parameters", "--lang", "en", "--seed", "1"]
        assert cli.main([*words, "--out", str(there), "--scheduler", net.address]) == 0
        assert not _hands(net)
    captured = capfd.readouterr()
    assert "3 graded" in captured.out and "distributed" not in captured.err
    here.mkdir()
    with Gradebook(here / "gradebook.db") as book:
        options = Options(("parameters",), 1, 2, "en")
        given = (book, options, TEXTS, Again(), 1, lambda entry, result: None, lambda busy: None)
        Batch(*given, spread=lambda given, tick: in_this_process(engine, given)).run(find(folder))
    assert rows(here) == rows(there)
    assert json.loads((there / "reports" / "ann.json").read_bytes())["score"] == 51


def in_this_process(engine, given):
    """What one engine comes to, task by task."""
    for task in given:
        yield Done(task, perform(engine, task), 0.0)


def _hands(here: Machines) -> list[str]:
    """The processes that grade for these workers."""
    parents = {str(process.pid) for process in here.processes.values()}
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if words[1] in parents and words[0] != "Z":
            found.append(stat.parent.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_killed_workers_change_no_result(tmp_path):
    """One killed in the middle, then the other, then a new one comes: nothing is missing."""
    submissions = a_class(tmp_path / "class", 16)
    alone(submissions, tmp_path / "whole")
    hands: list[str] = []
    said: list[str] = []
    with machines(tmp_path / "net", one=(), two=()) as here:

        def changed(entry, result):
            done.append(entry)
            if len(done) == 3:
                until(lambda: _hands(here), "no process that grades")
                hands.extend(_hands(here))
                here.kill("one")
                here.start("three")
            if len(done) == 8:
                here.kill("two")

        done: list = []
        count = spread(here, submissions, tmp_path / "out", slow, said=said, changed=changed)
        assert count.graded == 16 and count.faults == 0
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in hands), "left behind")
    assert rows(tmp_path / "out") == rows(tmp_path / "whole")


@long
def test_what_kills_every_worker_is_a_fault(tmp_path):
    """The others are graded, and the batch goes on to its end."""
    submissions = a_class(tmp_path / "class", 5)
    (submissions / "s02" / "gru.py").write_text(batching.KILLS)
    with machines(tmp_path / "net", one=()) as here:
        stop = threading.Event()

        def revive():
            number = 0
            while not stop.wait(0.1):
                for name, process in [*here.processes.items()]:
                    if process.poll() is not None:
                        number += 1
                        here.processes.pop(name)
                        here.start(f"again{number}")

        reviving = threading.Thread(target=revive)
        reviving.start()
        try:
            count = spread(here, submissions, tmp_path / "out", deadly)
        finally:
            stop.set()
            reviving.join()
    assert (count.graded, count.faults) == (4, 1)
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        fault = book.newest("s02")
    assert fault.state == FAULT and "died" in fault.sentence


def test_a_device_grades_one_at_a_time_where_it_is_declared(tmp_path):
    """Workers without a GPU get nothing; one with two threads and one GPU is at one at a time."""
    submissions = a_class(tmp_path / "class", 6, str(tmp_path))
    device = dataclasses.replace(OPTIONS, device="fakegpu:0")
    gpu = ("--resources", "GPU=1", "--nthreads", "2")
    with machines(tmp_path / "net", cpu=(), gpu=gpu) as here:
        count = spread(here, submissions, tmp_path / "out", marking, device)
        owner = here.processes["gpu"].pid
    assert count.graded == 6
    marks = [json.loads(path.read_text()) for path in tmp_path.glob("s*.json")]
    assert {mark["worker"] for mark in marks} == {owner}
    marks.sort(key=lambda mark: mark["from"])
    assert all(one["to"] <= other["from"] for one, other in zip(marks, marks[1:], strict=False))


def test_a_worker_with_another_kit_is_named_and_grades_nothing(tmp_path):
    """If it is there at the start, nothing begins; if it comes later, its tasks go elsewhere."""
    submissions = a_class(tmp_path / "class", 12)
    kit = tmp_path / "kit"
    for name in ("grader", "solutions", "tests", "data", "exercises"):
        passed_over = shutil.ignore_patterns("__pycache__", "attacks", "styles", "test_*")
        shutil.copytree(catalogs.ROOT / name, kit / name, ignore=passed_over)
    with open(kit / "solutions" / "gru.py", "a") as file:
        file.write("# another version\n")
    with machines(tmp_path / "net", ours=()) as here:

        def changed(entry, result):
            done.append(result)
            if len(done) == 2:
                here.start("other", "--nthreads", "3", root=kit)

        done: list = []
        said: list = []
        assert spread(here, submissions, tmp_path / "out", slow, changed=changed).graded == 12
        with Cluster(here.address, TEXTS, said.append, batching.quick) as there:
            until(lambda: (there._look(), len(there._workers) == 2)[1], "no second worker")
            with pytest.raises(ClusterProblem) as caught:
                there.agreed(OPTIONS)
    assert caught.value.sentence == "another_kit"
    assert caught.value.fields["hosts"].count("tcp://") == 1


def test_a_task_that_nobody_with_this_kit_takes_is_a_fault(pair, tmp_path):
    """Its row names the machine and says why."""
    task = Task("ann", {"gru.py": b"x"}, OPTIONS)
    with Cluster(pair.address, TEXTS, lambda sentence: None, batching.quick) as there:
        there.agreed(OPTIONS)
        given = iter([task])
        patched = pytest.MonkeyPatch()
        patched.setattr(cluster, "checks_hash", lambda options: "others")
        try:
            (done,) = there.graded(given, lambda busy: None)
        finally:
            patched.undo()
        assert not done.report and "version of the kit" in done.fault and done.host in done.fault
        assert len(there._foreign) == 2


def test_a_worker_that_comes_later_is_waited_for(tmp_path):
    """One line says so; then the batch goes on by itself."""
    submissions = a_class(tmp_path / "class", 2)
    said: list[str] = []
    with machines(tmp_path / "net") as here:
        coming = threading.Thread(
            target=lambda: (until(lambda: said, "no word"), here.start("late"))
        )
        coming.start()
        count = spread(here, submissions, tmp_path / "out", said=said)
        coming.join()
    assert said == ["cluster.waits"] and count.graded == 2


def test_a_lost_scheduler_ends_the_batch_and_the_same_command_goes_on(tmp_path):
    """What was graded stays; in the end it is as if nothing had happened."""
    submissions = a_class(tmp_path / "class", 8)
    alone(submissions, tmp_path / "whole")
    with machines(tmp_path / "net", one=()) as here:
        done: list = []

        def changed(entry, result):
            done.append(entry)
            if len(done) == 3:
                here.kill("scheduler")
                here.kill("one")

        with pytest.raises(ClusterProblem) as caught:
            spread(here, submissions, tmp_path / "out", slow, changed=changed)
        assert caught.value.sentence == "lost" and 3 <= len(done) < 8
        here.start("scheduler")
        here.start("two")
        count = spread(here, submissions, tmp_path / "out")
    assert count.kept == len(done) and count.graded == 8 - len(done)
    assert rows(tmp_path / "out") == rows(tmp_path / "whole")


def test_ctrl_c_leaves_nothing_on_the_workers(pair, tmp_path):
    """What was out is cancelled, and the processes that graded end."""
    submissions = a_class(tmp_path / "class", 8)

    def changed(entry, result):
        assert _hands(pair)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spread(pair, submissions, tmp_path / "out", slow, changed=changed)
    until(lambda: not _hands(pair), "still there")
    assert spread(pair, submissions, tmp_path / "out").graded == 7


@pytest.mark.parametrize(
    "words",
    [
        ["--scheduler", ""],
        ["--scheduler", "nowhere"],
        ["--scheduler", "tcp://127.0.0.1:1"],
        ["--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"],
        ["--device", "gpu!"],
        ["--device", "cuda:77"],
    ],
)
def test_wrong_usage_is_one_line(tmp_path, words, capfd, monkeypatch):
    """Exit code 2, what to do, and nothing written."""
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    submissions, out = a_class(tmp_path / "class", 1), tmp_path / "out"
    assert cli.main(["batch", str(submissions), "--out", str(out), *words]) == 2
    captured = capfd.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert not out.exists()


def test_without_the_library_one_line_says_how_to_get_it(tmp_path, capfd, monkeypatch):
    """It is an extra that most don't need."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["batch", str(a_class(tmp_path / "class", 1)), "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "pip install" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_dies_costs_its_worker_nothing(pair, tmp_path):
    """A new one takes the task once more, as on one machine; then it is a fault."""
    submissions = a_class(tmp_path / "class", 4)
    (submissions / "s01" / "gru.py").write_text(batching.KILLS)
    (submissions / "s02" / "gru.py").write_text(f"{batching.KILLS} {tmp_path / 'mark'}")
    (submissions / "s03" / "gru.py").write_text("raises")
    before = [process.pid for process in pair.processes.values()]
    count = spread(pair, submissions, tmp_path / "out", batching.deadly)
    assert (count.graded, count.faults) == (2, 2)
    with Gradebook(tmp_path / "out" / "gradebook.db") as book:
        found = {name: book.newest(name) for name in ("s01", "s02", "s03")}
    assert [found[name].state for name in sorted(found)] == [FAULT, GRADED, FAULT]
    assert "died twice" in found["s01"].sentence and "ValueError" in found["s03"].sentence
    assert all(result.host for result in found.values())
    for pid in before:
        os.kill(pid, 0)


def test_a_process_nobody_needs_ends_by_itself(monkeypatch, tmp_path):
    """After a while without a task, if its batch could not say that it is over."""
    monkeypatch.setattr(outpost, "_SERVE", "import outpost_idle; " + outpost._SERVE)
    (tmp_path / "outpost_idle.py").write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from grader.batch import outpost; outpost.IDLE_S = 0.3\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    hand = outpost._Hand("run", batching.quick)
    task = Task("ann", {"gru.py": b"x"}, OPTIONS)
    try:
        assert hand.ask(task)[0] == batching.report(task)
        assert hand.process.wait(30) == 0
        assert hand.ask(task) is None
    finally:
        hand.end()


def test_workers_that_see_one_gpu_each_lock_different_ones(monkeypatch):
    """All of them call theirs cuda:0; and who sees all of them locks the same."""
    seen = []
    for visible in ("0", "1", "2, 1"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        seen.append(device_lock.lock_file("cuda:0"))
    assert len(set(seen)) == 3 and device_lock.lock_file("cuda:1") == seen[1]
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert [device_lock.lock_file(f"cuda:{i}") for i in range(3)] == seen


def test_the_hash_of_another_kit_is_another():
    """Options, the device among them, and every file of the kit."""
    there = dataclasses.replace(OPTIONS, device="cuda:0")
    assert tasks.checks_hash(OPTIONS) != tasks.checks_hash(there)
