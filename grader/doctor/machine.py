"""Kernel, processors and memory: what the sandbox's layers need, and how many gradings fit."""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.doctor.observation import BROKEN, OK, WEAK, Observation
from grader.sandbox import landlock

GRADING_BYTES = 650_000_000  # peak of a grading process with its workers, see docs/operating.md
FIRST_BYTES = 350_000_000  # of the process that hands them out
TASKS_LEAST = 512  # processes and threads of this user
FILES_LEAST = 1024
BUSY = 0.5  # of the processors
ABI_WITH_SCOPES = 6  # of Landlock: below, seccomp alone forbids signals
_SYSTEM = Path("/")  # tests put another one here


def kernel() -> Iterator[Observation]:
    """The kernel, and what it has of what the layers are made of."""
    release = f"{platform.system()} {platform.release()}"
    if sys.platform != "linux":
        yield Observation("kernel", WEAK, "kernel_other", {"release": release}, "do_linux")
        return
    where = "wsl" if "microsoft" in release.lower() else "container" if _in_container() else "plain"
    yield Observation("kernel", OK, f"kernel_{where}", {"release": release})
    yield _landlock()
    yield _seccomp()
    yield _yama()
    yield from _limits()


def _in_container() -> bool:
    return any((_SYSTEM / name).exists() for name in (".dockerenv", "run/.containerenv"))


def _landlock() -> Observation:
    fields = {"found": landlock.abi(), "all": ABI_WITH_SCOPES}
    if not fields["found"]:
        return Observation("landlock_abi", WEAK, "abi_none", fields, "do_landlock")
    if fields["found"] < ABI_WITH_SCOPES:
        return Observation("landlock_abi", OK, "abi_old", fields)
    return Observation("landlock_abi", OK, "abi_ok", fields)


def _seccomp() -> Observation:
    actions = _words(_SYSTEM / "proc/sys/kernel/seccomp/actions_avail")
    try:
        import pyseccomp  # noqa: F401  (it loads libseccomp)
    except Exception as error:
        fields = {"error": f"{type(error).__name__}: {error}"}
        return Observation("seccomp_filter", WEAK, "no_libseccomp", fields, "do_seccomp")
    if "errno" in actions:
        return Observation("seccomp_filter", OK, "filters_ok")
    return Observation("seccomp_filter", WEAK, "filters_unknown", {}, "do_seccomp_kernel")


def _yama() -> Observation:
    """Not one of our layers: it says whether programs of one user may look into each other."""
    words = _words(_SYSTEM / "proc/sys/kernel/yama/ptrace_scope")
    if not words:
        return Observation("yama", OK, "yama_none")
    return Observation("yama", OK, "yama", {"scope": words[0]})


def _limits() -> Iterator[Observation]:
    import resource

    for name, what, least in (
        ("tasks", resource.RLIMIT_NPROC, TASKS_LEAST),
        ("open_files", resource.RLIMIT_NOFILE, FILES_LEAST),
    ):
        soft, _ = resource.getrlimit(what)
        if soft == resource.RLIM_INFINITY or soft >= least:
            number = "∞" if soft == resource.RLIM_INFINITY else str(soft)
            yield Observation(name, OK, "limit_ok", {"number": number})
        else:
            fields = {"number": soft, "least": least}
            yield Observation(name, WEAK, "limit_low", fields, "do_ulimit")


def capacity() -> Iterator[Observation]:
    """Processors and memory, and how many parallel gradings they carry."""
    count = processors()
    total, free = memory()
    yield Observation("processors", OK, "processors", {"count": f"{count:g}"})
    if free is None or total is None:
        yield Observation("memory_free", WEAK, "memory_unknown", {}, "do_jobs")
        return
    fit = int((free - FIRST_BYTES) // GRADING_BYTES)
    fields = {
        "free": gigabytes(free),
        "total": gigabytes(total),
        "fit": str(max(fit, 0)),
        "each": str(GRADING_BYTES // 1_000_000),
        "jobs": str(max(1, min(int(count), fit))),
    }
    if free < GRADING_BYTES:
        yield Observation("memory_free", BROKEN, "memory_none", fields, "do_memory")
    elif fit < int(count):
        yield Observation("memory_free", WEAK, "memory_few", fields, "do_fewer_jobs")
    else:
        yield Observation("memory_free", OK, "memory_ok", fields)
    yield from _load(count)


def _load(count: float) -> Iterator[Observation]:
    try:
        load = os.getloadavg()[0]
    except (OSError, AttributeError):  # not on this system
        return
    fields = {"load": f"{load:.1f}", "count": f"{count:g}"}
    if load > BUSY * count:
        yield Observation("load", WEAK, "load_busy", fields, "do_quiet")
    else:
        yield Observation("load", OK, "load_ok", fields)


def processors() -> float:
    """Those that this process may use: its affinity and its control group count."""
    if hasattr(os, "sched_getaffinity"):
        count = float(len(os.sched_getaffinity(0)))
    else:
        count = float(os.cpu_count() or 1)
    words = _words(_SYSTEM / "sys/fs/cgroup/cpu.max")
    if len(words) == 2 and all(word.isdigit() for word in words):
        count = min(count, int(words[0]) / int(words[1]))
    return count


def memory() -> tuple[int | None, int | None]:
    """Bytes in all and bytes to be had, by the machine and by the control group."""
    table = {}
    try:
        text = (_SYSTEM / "proc/meminfo").read_text(encoding="ascii")
        table = {line.split()[0]: int(line.split()[1]) * 1024 for line in text.splitlines()}
    except (OSError, ValueError, IndexError):
        pass
    total, free = table.get("MemTotal:"), table.get("MemAvailable:")
    if total is None or free is None:
        return _pages()
    most = _words(_SYSTEM / "sys/fs/cgroup/memory.max")
    used = _words(_SYSTEM / "sys/fs/cgroup/memory.current")
    if most and used and most[0].isdigit() and used[0].isdigit():
        total, free = min(total, int(most[0])), min(free, int(most[0]) - int(used[0]))
    return total, free


def _pages() -> tuple[int | None, int | None]:
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None, None
    return total, total // 2  # what is free is not told: half of it, to be careful


def gigabytes(count: float) -> str:
    """Bytes as "1.5"."""
    return f"{count / 1e9:.1f}"


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return []
