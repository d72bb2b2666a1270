"""What a worker takes away from itself before it reads the submission.

Layers, each optional, each named in the report's ``sandbox`` when it holds:

* ``landlock``: files: only the Python installation and the submission can be read, nothing can be
  written but ``/dev/null``; from ABI 6 on no signals and no abstract sockets to the outside.
* ``seccomp``: no new programs, processes, sockets, signals to others, tracing, mounts; no change of
  a file's mode, owner, times, attributes, name or locks, or of the processors that we run on.
* ``rlimits``: memory, threads, files.
* ``user``: started as root, a worker becomes a user of its own, so that the limit on threads, which
  root is exempt from, holds. It keeps only the right to read what Landlock leaves.

The environment was scrubbed when the template started. A layer that the system lacks is left out.
"""

import contextlib
import ctypes
import functools
import os
import resource
import sys
import sysconfig
from collections.abc import Iterable, Sequence

from grader.sandbox import device_access, landlock, limits, sharing, syscalls
from grader.sandbox.device_access import Access

FIRST_UID, UIDS = 200_000, 1_000_000
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_KEEPCAPS = 8
SYSTEM_PATHS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/proc/cpuinfo", "/proc/meminfo"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
)


@functools.cache
def installation_paths() -> list[str]:
    """The folders from which Python and its packages are loaded."""
    paths = sysconfig.get_paths()
    roots = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    roots += [os.path.join(prefix, "lib") for prefix in (sys.prefix, sys.base_prefix)]
    roots += [os.path.join(sys.prefix, "pyvenv.cfg"), os.path.realpath(sys.executable)]
    return [path for path in dict.fromkeys(map(os.path.realpath, roots)) if os.path.exists(path)]


def confine(
    readable: Sequence[str],
    worker_number: int,
    threads: bool = True,
    device: str = "cpu",
    most_abi: int | None = None,
) -> list[str]:
    """Take rights away from this process, for good.

    Args:
        readable: folders and files that stay readable beside Python itself.
        worker_number: makes the worker's user id its own.
        threads: whether it may start threads.
        device: what it will compute on; an accelerator's driver needs files and fewer limits.
        most_abi: use no newer Landlock than this, as on an older kernel.

    Returns:
        The names of the layers that hold, and Landlock's version as "abi7".
    """
    layers = []
    access = device_access.access_for(device)
    more, writable = access.existing()
    with contextlib.suppress(OSError, ValueError):
        _limit_resources(access)
        layers.append("rlimits")
    version = landlock.abi(most_abi)
    groups = [*device_access.groups_of(writable), *sharing.groups_of(readable)]
    if _become_a_user_of_its_own(worker_number, bool(version), groups, readable):
        layers.append("user")
    writable += [f"/proc/{os.getpid()}"] if device != "cpu" else []  # the driver names its threads
    if version and _landlock([*readable, *more], writable, version):
        layers += ["landlock", f"abi{version}"]
    if syscalls.restrict(threads, driver=device != "cpu"):
        layers.append("seccomp")
    return layers


def _limit_resources(access: Access) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if access.address_space is not None:
            _limit(resource.RLIMIT_AS, _mapped_bytes() + access.address_space)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, access.open_files)
    _limit(resource.RLIMIT_FSIZE, limits.FILE_BYTES)
    _limit(resource.RLIMIT_CPU, limits.ENDED_BY_KERNEL_CPU_S)  # should the trusted side die
    with contextlib.suppress(OSError, ValueError, AttributeError):
        _limit(resource.RLIMIT_NPROC, access.tasks + _tasks_of_user())


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value))


def _mapped_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _tasks_of_user() -> int:
    """Threads that this user has already: the limit counts them all. Root's worker starts anew."""
    user = os.getuid()
    if user == 0:
        return 0
    count = 0
    for entry in os.scandir("/proc"):
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == user:
                count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def _become_a_user_of_its_own(
    number: int, keep_reading: bool, groups: list[int], own: Sequence[str] = ()
) -> bool:
    """As root: a fresh user id without any capability but, under Landlock, reading.

    Without Landlock the right to read everything would be a hole, so it goes too, and the user
    changes only if Python's own files are readable to anyone, and ``own`` to the groups; so it is
    in a container whose root lacks that right (Docker's does). ``groups`` may use the device, and
    read what is shared with this worker alone.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        return False
    keep_reading = keep_reading and bool(_permitted() & 1 << CAP_DAC_READ_SEARCH)
    reachable = keep_reading or sharing.readable_with(own, groups)
    if not reachable or not (keep_reading or _world_readable(installation_paths())):
        return False
    libc = _libc()
    user = FIRST_UID + number % UIDS
    try:
        if keep_reading:
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups(groups)
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:  # a container without the right to change users, or without such an id
        return False
    _keep_only(1 << CAP_DAC_READ_SEARCH if keep_reading else 0)
    return True


def _keep_only(rights: int) -> None:
    """Give up all capabilities but these."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(rights, rights, 0, 0, 0, 0)
    _libc().capset(ctypes.byref(header), ctypes.byref(data))


def _permitted() -> int:
    """The capabilities that this process may use, as bits."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        found = [line.split()[1] for line in file if line.startswith("CapPrm:")]
    return int(found[0], 16) if found else 0


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def prepare() -> None:
    """Do beforehand, in the template, what does not differ from worker to worker."""
    installation_paths()
    _system_paths()
    _libc()
    syscalls.prepare()


@functools.cache
def _system_paths() -> list[str]:
    return [path for path in SYSTEM_PATHS if os.path.exists(path)]


def _world_readable(paths: Iterable[str]) -> bool:
    for path in paths:
        while path != os.path.dirname(path):
            if not os.stat(path).st_mode & 0o005:
                return False
            path = os.path.dirname(path)
    return True


def _landlock(readable: Iterable[str], writable: Iterable[str], version: int) -> bool:
    own = [f"/proc/{os.getpid()}", *readable]
    paths = [*installation_paths(), *_system_paths(), *own]
    if landlock.restrict(paths, ["/dev/null", *writable], version):
        return True
    if os.geteuid() != 0:
        _keep_only(0)  # the right to read was kept for Landlock to narrow
    return False
