"""`grader doctor`: layers are proved by attempts that could succeed, and every trouble is told."""

import ast
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import catalog as catalogs
from grader import cli
from grader.checking.bootstrap import Watched
from grader.doctor import accelerators, clock, disk, examining, machine, sandbox, software
from grader.doctor.observation import BROKEN, OK, WEAK, Observation, carefully
from grader.locale import LANGUAGES, Texts, sentences

FOLDER = catalogs.ROOT / "grader" / "doctor"
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


@pytest.fixture(scope="module")
def confined():
    """What is found where this machine's layers hold, by name."""
    return {each.name: each for each in sandbox.look()}


@pytest.fixture(scope="module")
def unconfined():
    """The same where no layer was asked for."""
    return {each.name: each for each in sandbox.look(confine=False)}


def test_every_layer_that_holds_is_proved(confined):
    """Whatever a layer of the report's ``sandbox`` forbids was tried, and was refused."""
    holding = {name for name in sandbox.LAYERS if confined[name].code == f"{name}_holds"}
    for what, layers in sandbox.ATTEMPTS.items():
        if holding & set(layers) and not (what == "threads" and confined["user"].state != OK):
            assert (confined[what].state, confined[what].code) == (OK, "refused"), what
    assert confined["worker"].state == confined["scrubbed"].state == OK


def test_time_limits_are_proved(confined):
    """A worker that computes for ever and one that sleeps are both ended."""
    assert confined["loop"].code == confined["sleep"].code == "stopped"


@ON_LINUX
@pytest.mark.parametrize("what", sandbox.ATTEMPTS)
def test_attempts_succeed_where_nothing_forbids_them(unconfined, what):
    """An attempt that could not succeed would prove nothing; success is told as unprotected."""
    by_itself = ("files", "threads", "network", "trace", "namespaces", "memory", "rights")
    if what in by_itself and unconfined[what].code == "refused":
        pytest.skip("this system refuses it")
    assert (unconfined[what].state, unconfined[what].code) == (WEAK, "unprotected")
    assert unconfined[what].fields["layer"] and unconfined[what].advice


def test_missing_layers_are_told_with_what_to_do(unconfined):
    """Without confinement no layer is said to hold, and each says what to do."""
    for name in sandbox.LAYERS[:3]:
        assert unconfined[name].code == f"{name}_missing" and unconfined[name].advice


@pytest.mark.parametrize("what", sandbox.ATTEMPTS)
def test_a_layer_that_claims_to_hold_and_does_not_is_broken(what):
    """An attempt that succeeds under its own layer is the worst news."""
    found = sandbox.judged(what, "done", set(sandbox.LAYERS))
    assert found.state == BROKEN and found.advice
    assert sandbox.judged(what, "done", set()).state == WEAK


def test_a_lost_worker_is_no_refusal():
    """A worker that dies of something else has proved nothing."""
    assert sandbox.judged("fork", "lost died 70", set(sandbox.LAYERS)).state == WEAK


def test_root_without_a_user_of_its_own_has_threads(monkeypatch):
    """Root is exempt from the limit on threads, so rlimits claims nothing about it there."""
    monkeypatch.setattr(sandbox, "_is_root", lambda: True)
    assert sandbox.judged("threads", "done", {"rlimits"}).state == WEAK
    assert sandbox.judged("threads", "done", {"rlimits", "user"}).state == BROKEN


def test_a_secret_that_gets_through_is_found(monkeypatch):
    """If the environment were not scrubbed, the doctor would see it."""
    import grader.sandbox.client as client

    scrubbed = client.scrubbed_environment

    def leaking(home):
        return {**scrubbed(home), sandbox.SECRET: os.environ[sandbox.SECRET]}

    monkeypatch.setattr(client, "scrubbed_environment", leaking)
    with sandbox._secret(), sandbox.probing() as probe:
        assert sandbox._scrubbed(probe.worker()).state == BROKEN
    assert sandbox.SECRET not in os.environ


@ON_LINUX
@pytest.mark.parametrize(("found", "code"), [(0, "abi_none"), (1, "abi_old"), (7, "abi_ok")])
def test_the_version_of_landlock_is_told(monkeypatch, found, code):
    """An old one protects files as well; only without any there is something to mend."""
    monkeypatch.setattr(machine.landlock, "abi", lambda: found)
    seen = machine._landlock()
    assert (seen.code, seen.fields["found"]) == (code, found)
    assert (seen.state == OK) == (found > 0)


def test_a_root_without_the_right_to_read_keeps_landlock(monkeypatch):
    """A container's root may lack that right: another user could not even open Python's files."""
    from grader.sandbox import confinement

    monkeypatch.setattr(confinement.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(confinement, "_permitted", lambda: 0)
    monkeypatch.setattr(confinement, "_world_readable", lambda _: False)
    assert not confinement._become_a_user_of_its_own(1, True, [])


class Machine:
    """A clock that moves only when a side works; ``pace`` is the length of its next step."""

    def __init__(self, pace):
        self.time, self.pace = 0.0, pace

    def now(self):
        return self.time

    def side(self, repetitions, _):
        seconds = repetitions * 1e-3 * self.pace()
        self.time += seconds + 1e-6
        return seconds, seconds + 1e-6


def _a_a(pace):
    machine = Machine(pace)
    draws = random.Random(3)
    sides = [Watched(machine.side, draws) for _ in range(2)]
    return clock.judged(*sides, now=machine.now)


def test_a_quiet_machine_passes_the_a_a_run():
    """The same work in a percent of noise gives 1."""
    noise = random.Random(1)
    found = _a_a(lambda: 1 + noise.random() / 100)
    assert (found.state, found.code) == (OK, "a_a_ok")
    assert float(found.fields["low"]) <= 1.01 and float(found.fields["high"]) >= 0.99


def test_a_drifting_machine_is_weak():
    """Where every step is a third longer or shorter than the last, nothing can be told."""
    noise = random.Random(1)
    found = _a_a(lambda: noise.choice([0.4, 1.0, 2.5]))
    assert found.state == WEAK and found.code in ("a_a_off", "a_a_noisy") and found.advice


def test_the_a_a_run_uses_the_kits_own_workers():
    """The real thing ends with one of its sentences, whatever this machine is like now."""
    assert clock.against_itself().code.startswith("a_a_")


def test_a_coarse_clock_is_weak():
    """A clock that ticks every millisecond is too coarse, one of 100 ns is not."""
    for tick, state in ((1e-3, WEAK), (1e-7, OK)):
        ticks = iter(range(10_000))
        assert clock.resolution(lambda t=tick, i=ticks: t * (next(i) // 4)).state == state
    assert clock.resolution(lambda: 1.0).state == WEAK


@pytest.mark.parametrize(
    ("free", "state"), [(10**12, OK), (10**9, WEAK), (10**6, BROKEN), (0, BROKEN)]
)
def test_a_full_disk_is_told(monkeypatch, tmp_path, free, state):
    """Little room is weak, none is broken."""
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    found = {each.name: each for each in disk.look(tmp_path)}
    assert found["results"].state == found["temporary"].state == state
    assert bool(found["results"].advice) == (state != OK)


def test_a_write_that_fails_is_told(monkeypatch, tmp_path):
    """A disk that is full while we write is a line, and nothing stays behind."""

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    found = {each.name: each for each in disk.look(tmp_path)}
    assert found["writing"].state == BROKEN and "No space" in found["writing"].fields["error"]
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_told():
    """Not even root writes to /proc."""
    found = {each.name: each for each in disk.look(Path("/proc"))}
    assert found["writing"].state == BROKEN and found["writing"].advice


def test_durable_commits_are_made(tmp_path):
    """The gradebook's kind of transaction works, and leaves nothing."""
    found = {each.name: each for each in disk.look(tmp_path)}
    assert found["gradebook"].code in ("commit_ok", "commit_slow")
    assert list(tmp_path.iterdir()) == []


def test_a_network_file_system_is_told(monkeypatch, tmp_path):
    """The mount that holds the folder counts, not one whose name only begins alike."""
    table = tmp_path / "mountinfo"
    home = os.path.realpath(tmp_path)
    table.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda rw\n"
        f"2 1 0:50 / {home} rw,relatime shared:1 - nfs4 server:/home rw\n"
        f"3 1 0:51 / {home}-other rw - tmpfs tmpfs rw\n"
    )
    monkeypatch.setattr(disk, "_MOUNTS", str(table))
    assert disk.file_system(tmp_path) == "nfs4" and disk.file_system(Path("/")) == "ext4"
    found = {each.name: each for each in disk.look(tmp_path)}
    assert (found["file_system"].state, found["file_system"].advice) == (WEAK, "do_local")


def test_memory_and_processors_of_a_container_count(monkeypatch, tmp_path):
    """A control group's limits go before the machine's own numbers."""
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 64000000 kB\nMemAvailable: 60000000 kB\n")
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "cpu.max").write_text("50000 100000\n")
    (group / "memory.max").write_text("2000000000\n")
    (group / "memory.current").write_text("500000000\n")
    monkeypatch.setattr(machine, "_SYSTEM", tmp_path)
    assert machine.processors() == 0.5
    assert machine.memory() == (2_000_000_000, 1_500_000_000)
    found = {each.name: each for each in machine.capacity()}
    assert found["memory_free"].state == OK and found["memory_free"].fields["fit"] == "1"
    (group / "memory.current").write_text("1900000000\n")
    found = {each.name: each for each in machine.capacity()}
    assert found["memory_free"].state == BROKEN


def test_versions_that_differ_are_named(tmp_path):
    """Those that decide which inputs are drawn come first; markers and comments are understood."""
    text = "# a comment\nrich==0.1\nhypothesis==1.0  # old\nno-such-package==1\n"
    text += 'click==9.9; python_version < "3"\n'
    (tmp_path / "constraints.txt").write_text(text)
    (found,) = software._against(tmp_path / "constraints.txt")
    assert (found.state, found.code, found.fields["count"]) == (WEAK, "versions_draw", 2)
    assert found.fields["names"].startswith("hypothesis ")


@pytest.mark.parametrize(
    ("device", "answer", "state"),
    [
        ("cpu", "1e-7 -1", OK),
        ("cpu", "1e-3 -1", BROKEN),
        ("cuda:0", "1e-6 70000000000", OK),
        ("cuda:0", "1e-6 1000000", WEAK),
        ("cuda:0", "5e-4 70000000000", BROKEN),
        ("cuda:0", "nan 70000000000", BROKEN),
        ("cuda:0", "lost RuntimeError no driver", BROKEN),
    ],
)
def test_devices_are_judged_by_what_they_compute(device, answer, state):
    """Right, wrong, full or dead."""
    assert accelerators.judged(device, device, answer).state == state


def test_a_device_that_does_not_start_is_a_line(monkeypatch):
    """torch is told of an accelerator that isn't there: broken, with the reason, and no more."""
    import torch

    from grader.sandbox import devices

    monkeypatch.setattr(devices, "accelerator", lambda: "xpu")
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 1)
    monkeypatch.setattr(accelerators, "_lock", lambda device: Observation("lock", OK, "lock_ok"))
    found = {each.name: each for each in accelerators.look()}
    assert found["product"].state == OK
    if not torch.xpu.is_available():
        assert found["device"].code == "device_fails" and found["device"].fields["error"]


def test_a_device_that_is_taken_is_weak():
    """The lock of a running grading is seen, and not waited for."""
    from grader.device_lock import held

    with held("none:7"):
        assert accelerators._lock("none:7").code == "lock_busy"
    assert accelerators._lock("none:7").state == OK


def test_a_look_that_breaks_down_is_a_line():
    """No trouble of the doctor's own is a traceback, and what was seen before stays."""

    def look():
        yield Observation("kernel", OK, "filters_ok")
        raise ValueError("odd")

    first, second = carefully("machine", look, 5.0)
    assert first.state == OK and (second.code, second.name) == ("look_failed", "machine")
    assert "odd" in second.fields["error"] and second.state == BROKEN


def test_a_look_that_hangs_is_left():
    """Each look has its time, and the whole has, too."""

    def look():
        time.sleep(30)
        yield Observation("kernel", OK, "filters_ok")

    (found,) = carefully("disk", look, 0.05)
    assert (found.state, found.code) == (WEAK, "look_late")
    late = iter([0.0, examining.ALL_S - 0.05, examining.ALL_S + 1])
    parts = [(name, look, 20.0) for name in ("machine", "disk")]
    found = dict(examining.examine(parts, now=lambda: next(late)))
    assert [each.code for each in (*found["machine"], *found["disk"])] == ["look_late"] * 2


def _standing_in(monkeypatch, *found):
    group = ("machine", lambda: iter(found), 5.0)
    monkeypatch.setattr(examining, "groups", lambda out, quick: [group])


@pytest.mark.parametrize(("state", "code"), [(OK, 0), (WEAK, 0), (BROKEN, 1)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exit_code_and_the_last_line(monkeypatch, capsys, state, code, language):
    """Broken is 1, weak is 0 and named at the end; no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    advice = "" if state == OK else "do_quiet"
    _standing_in(
        monkeypatch, Observation("load", state, "load_ok", {"load": 1, "count": 2}, advice)
    )
    assert cli.main(["doctor", "--lang", language]) == code
    lines = capsys.readouterr().out.splitlines()
    texts = Texts(language)
    said = texts.say(f"doctor.all_{state}")
    assert "".join(lines).replace(" ", "").endswith(said.replace(" ", ""))
    if state != OK:
        assert texts.say(f"doctor.these_{state}", names=texts.say("doctor.about_load")) in lines
    assert "\x1b" not in "".join(lines)


def test_the_json_has_stable_fields(monkeypatch, tmp_path, capsys):
    """What a monitoring program reads is there, on standard output if it is asked for."""
    _standing_in(
        monkeypatch, Observation("load", WEAK, "load_ok", {"load": 1, "count": 2}, "do_quiet")
    )
    assert cli.main(["doctor", "--json", str(tmp_path / "out.json"), "--lang", "en"]) == 0
    data = json.loads((tmp_path / "out.json").read_bytes())
    assert list(data) == ["schema", "version", "state", "seconds", "counts", "observations"]
    assert (data["schema"], data["state"]) == (1, "weak")
    assert data["counts"] == {"ok": 0, "weak": 1, "broken": 0}
    (row,) = data["observations"]
    assert list(row) == ["part", "name", "state", "code", "fields", "text", "advice"]
    capsys.readouterr()
    cli.main(["doctor", "--json", "-", "--lang", "en"])
    assert json.loads(capsys.readouterr().out)["observations"] == [row]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "nowhere"], "there is no folder nowhere"),
        (["--out", "README.md"], "there is no folder README.md"),
        (["--json", "nowhere/x.json"], "there is no folder nowhere"),
        (["--json", "docs"], "docs is a folder"),
        (["--lang", "fr"], "--lang en or --lang zh"),
        (["--quik"], "--quick"),
    ],
)
def test_wrong_usage_is_one_line(words, said, capfd, monkeypatch):
    """What can't be done is said in a line, with exit code 2."""
    monkeypatch.chdir(catalogs.ROOT)
    assert cli.main(["doctor", *words]) == 2
    errors = capfd.readouterr().err
    assert said in errors and errors.count("\n") == 1


def test_help_imports_nothing_heavy():
    """The list of commands appears at once."""
    code = (
        "import sys; from grader import cli; cli.main(['doctor', '--help']);"
        "print(sorted({'torch', 'rich', 'numpy', 'sqlite3', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=catalogs.ROOT, capture_output=True)
    assert done.stdout.decode().strip().endswith("[]"), done.stderr


def _codes() -> set[str]:
    """All that observations are made of in the sources: names, codes, advice."""
    codes = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Observation":
                given = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
                codes |= {f"about_{given[0]}"} if given[0] else set()
                codes |= {each for each in (*given[2:3], *given[4:]) if each}
    return codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_observation_has_its_sentences(language):
    """Titles, what was found, and advice stand in both languages; nothing is left over."""
    known = {name.removeprefix("doctor.") for name in sentences(language) if name[:7] == "doctor."}
    layers = {f"{layer}_{how}" for layer in sandbox.LAYERS for how in ("holds", "missing")}
    made = layers | {f"about_{name}" for name in (*sandbox.LAYERS, *sandbox.ATTEMPTS)}
    made |= {f"do_{layer}" for layer in sandbox.LAYERS} | {"do_linux"}
    made |= {f"kernel_{where}" for where in ("wsl", "container", "plain")}
    for name, _, _ in examining.groups(Path(), False):
        made |= {f"part_{name}", f"about_{name}"}
    made |= {f"about_{name}" for name in ("temporary", "results", "tasks", "open_files")}
    made |= {"about_product", "about_device", "about_loop", "about_sleep"}
    made |= {f"{what}_{s}" for what in ("state", "all") for s in examining.STATES}
    made |= {"these_weak", "these_broken", "counts", "comma", "was_quick"}
    made |= {"help", "help_out", "help_quick", "help_json"}
    codes = {code for code in _codes() if code}
    assert codes | made <= known
    assert known - codes - made == set()
