"""What a worker takes away from itself before it reads the submission.

Layers, each optional, each named in the report's ``sandbox`` when it holds:

* ``landlock``: files: only the Python installation and the submission can be read, nothing can be
  written but ``/dev/null``; no signals and no abstract sockets to the outside.
* ``seccomp``: no new programs, processes, sockets, signals to others, tracing, mounts.
* ``rlimits``: memory, threads, files.
* ``user``: started as root, a worker becomes a user of its own, so that the limit on threads, which
  root is exempt from, holds. It keeps only the right to read what Landlock leaves.

The environment was scrubbed when the template started. A layer that the system lacks is left out.
"""

import contextlib
import ctypes
import errno
import functools
import os
import resource
import sys
import sysconfig
from collections.abc import Iterable

from grader.sandbox import device_access, limits
from grader.sandbox.device_access import Access

DENIED_CALLS = (
    "socket connect bind listen accept accept4 execve execveat fork vfork ptrace "
    "process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd "
    "pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tkill mount umount2 move_mount "
    "open_tree fsopen fsmount unshare setns chroot pivot_root bpf perf_event_open "
    "userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key "
    "memfd_create memfd_secret shmget shmat shmctl msgget semget mq_open personality "
    "setpriority ioprio_set reboot swapon swapoff init_module finit_module delete_module "
    "kexec_load quotactl acct settimeofday clock_settime adjtimex sethostname setdomainname "
    "name_to_handle_at open_by_handle_at fanotify_init inotify_init inotify_init1 "
    "landlock_create_ruleset"
).split()
CLONE_THREAD = 0x00010000
FCNTL_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of a descriptor
IOCTL_OWNERS = (0x8901, 0x8902, 0x5412)  # FIOSETOWN, SIOCSPGRP, TIOCSTI
FIRST_UID, UIDS = 200_000, 1_000_000
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_KEEPCAPS, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 8, 4, 38
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
    readable: Iterable[str], worker_number: int, threads: bool = True, device: str = "cpu"
) -> list[str]:
    """Take rights away from this process, for good.

    Args:
        readable: folders and files that stay readable beside Python itself.
        worker_number: makes the worker's user id its own.
        threads: whether it may start threads.
        device: what it will compute on; an accelerator's driver needs files and fewer limits.

    Returns:
        The names of the layers that hold.
    """
    layers = []
    access = device_access.access_for(device)
    more, writable = access.existing()
    with contextlib.suppress(OSError, ValueError):
        _limit_resources(access)
        layers.append("rlimits")
    landlocked = _landlock_available()
    groups = device_access.groups_of(writable)
    if _become_a_user_of_its_own(worker_number, landlocked, groups):
        layers.append("user")
    if landlocked and _landlock([*readable, *more], writable):
        layers.append("landlock")
    if _seccomp(threads):
        layers.append("seccomp")
    return layers


def _limit_resources(access: Access) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if access.address_space is not None:
            _limit(resource.RLIMIT_AS, _mapped_bytes() + access.address_space)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, access.open_files)
    _limit(resource.RLIMIT_FSIZE, limits.FILE_BYTES)
    _limit(resource.RLIMIT_CPU, int(limits.FUNCTION_CPU_S) + 5)  # should the trusted side die
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


def _become_a_user_of_its_own(number: int, keep_reading: bool, groups: list[int]) -> bool:
    """As root: a fresh user id without any capability but, under Landlock, reading.

    Without Landlock the right to read everything would be a hole, so it goes too, and the user
    changes only if Python's own files are readable to anyone; so it is in a container whose root
    lacks that right (Docker's does). ``groups`` may use the device.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        return False
    keep_reading = keep_reading and bool(_permitted() & 1 << CAP_DAC_READ_SEARCH)
    if not keep_reading and not _world_readable(installation_paths()):
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
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    libc.capset(ctypes.byref(header), ctypes.byref(data))
    return True


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


def _landlock_available() -> bool:
    try:
        import sandlock

        # an older kernel's would be refused as a whole, and root must not keep its right to read
        return sandlock.landlock_abi_version() >= sandlock.min_landlock_abi()
    except Exception:  # not Linux, not installed, or switched off in this kernel
        return False


def _landlock(readable: Iterable[str], writable: Iterable[str]) -> bool:
    import sandlock

    own = [path for path in (f"/proc/{os.getpid()}", *readable) if os.path.exists(path)]
    paths = [*installation_paths(), *_system_paths(), *own]
    try:
        files = {"fs_readable": paths, "fs_writable": ["/dev/null", *writable]}
        sandlock.confine(sandlock.Sandbox(**files))
    except Exception:  # an older kernel: sandlock wants every protection or none
        return False
    return True


def _seccomp(threads: bool) -> bool:
    try:
        import pyseccomp
    except Exception:  # not Linux, or libseccomp is missing
        return False
    deny = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for name in DENIED_CALLS:
        with contextlib.suppress(Exception):  # not every architecture and version has every call
            rules.add_rule(deny, name)
    argument, masked, unequal = pyseccomp.Arg, pyseccomp.MASKED_EQ, pyseccomp.NE
    # glibc falls back from clone3, whose flags a filter can't see, to clone: threads only
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(deny, "clone", *([argument(0, masked, CLONE_THREAD, 0)] if threads else []))
    for name in ("kill", "tgkill"):
        rules.add_rule(deny, name, argument(0, unequal, os.getpid()))
    for name in ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setattr"):
        rules.add_rule(deny, name, argument(0, unequal, 0))
    for command in FCNTL_OWNERS:
        rules.add_rule(deny, "fcntl", argument(1, pyseccomp.EQ, command))
    for command in IOCTL_OWNERS:
        rules.add_rule(deny, "ioctl", argument(1, pyseccomp.EQ, command))
    try:
        rules.load()
    except Exception:  # a kernel without seccomp filters
        return False
    return True
