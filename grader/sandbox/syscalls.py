"""The system calls that a worker may not make, and the seccomp filter that refuses them.

Landlock knows the contents of files; it does not know their modes, owners, times, attributes and
locks, which their owner may change without reading a byte, and a worker of an ordinary user's *is*
their owner. So whole families are refused here, whatever file they are about. A filter sees numbers
and flags, never paths: looking (``stat``, ``access``, ``readlink``) can't be refused.
"""

import contextlib
import errno
import functools
import os
from typing import Any

FAMILIES = {
    "programs and processes": "execve execveat fork vfork ptrace process_vm_readv "
    "process_vm_writev process_madvise process_mrelease kcmp pidfd_open pidfd_getfd "
    "pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tkill migrate_pages move_pages",
    "sockets": "socket connect bind listen accept accept4",
    "messages between processes": "shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop "
    "semtimedop semctl mq_open mq_unlink memfd_create memfd_secret splice tee vmsplice",
    "modes, owners, times": "chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat "
    "utime utimes utimensat futimesat",
    "attributes": "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr "
    "removexattrat file_setattr",
    "names": "rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat mkdir "
    "mkdirat rmdir mknod mknodat truncate truncate64",
    "locks and watches": "flock inotify_init inotify_init1 fanotify_init name_to_handle_at "
    "open_by_handle_at",
    "processors and priorities": "sched_setaffinity sched_setscheduler sched_setparam "
    "sched_setattr setpriority nice ioprio_set",
    "memory and devices for all": "mlock mlock2 mlockall io_setup sync syncfs swapon swapoff iopl "
    "ioperm vhangup",
    "mounts and namespaces": "mount umount2 move_mount mount_setattr open_tree open_tree_attr "
    "fsopen fsconfig fsmount fspick unshare setns chroot pivot_root quotactl quotactl_fd",
    "the kernel": "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "keyctl add_key request_key personality reboot init_module finit_module delete_module "
    "kexec_load kexec_file_load acct syslog settimeofday clock_settime adjtimex clock_adjtime "
    "stime sethostname setdomainname landlock_create_ruleset lsm_set_self_attr",
}
# Calls that a libseccomp may be too old to know; their numbers are the same everywhere.
NUMBERS = {
    "quotactl_fd": 443,
    "landlock_create_ruleset": 444,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "fchmodat2": 452,
    "lsm_set_self_attr": 460,
    "setxattrat": 463,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_setattr": 469,
}
CLONE_THREAD = 0x00010000
FCNTL = (
    *(8, 10, 15),  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of a descriptor
    *(6, 7, 13, 14, 37, 38),  # F_SETLK and F_SETLKW, with 64 bits, and of open files: locks
    *(1024, 1026, 1031, 1036, 1038),  # F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, hints kept with a file
)
IOCTL = (0x8901, 0x8902, 0x5412, 0x541C)  # FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX
IOCTL_OF_FILES = (0x66, 0x58, 0x76, 0x94)  # file systems' own: flags, versions, clones, freezing
# CUDA's driver won't start without a local socket that it listens at, and wants to hear that what
# it removes is not there. Nobody can reach the socket: connecting and accepting stay refused, and
# so do datagrams, which need no connection.
DRIVER = ("socket", "bind", "listen")
AF_UNIX, KIND_OF_SOCKET, NO_STREAMS = 1, 0xF, (2, 3)  # datagrams, raw ones
PRCTL = (62,)  # PR_SCHED_CORE: who may run beside us
OPTIMIZE, AS_A_TREE = 8, 2  # an attribute that pyseccomp has no name for


@functools.cache
def denied() -> tuple[str, ...]:
    """The names of all calls that are refused whatever their arguments are."""
    return tuple(name for family in FAMILIES.values() for name in family.split())


def prepare() -> None:
    """Make both filters beforehand, so that a worker only has to add its own number."""
    for threads in (True, False):
        with contextlib.suppress(Exception):  # not Linux, or libseccomp is missing
            _filter(threads)


def restrict(threads: bool, driver: bool = False) -> bool:
    """Refuse the calls from now on; whether that could be had.

    Args:
        threads: whether this process may start threads.
        driver: whether it will start an accelerator's driver.
    """
    try:
        import pyseccomp

        rules = _filter(threads, driver)
        for name in ("kill", "tgkill"):
            others = pyseccomp.Arg(0, pyseccomp.NE, os.getpid())
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name, others)
        rules.load()
    except Exception:  # not Linux, without libseccomp, or a kernel without filters
        return False
    return True


@functools.cache
def _filter(threads: bool, driver: bool = False) -> Any:
    """A filter without the rules that name this process."""
    import pyseccomp

    deny = pyseccomp.ERRNO(errno.EPERM)
    argument, masked, equal = pyseccomp.Arg, pyseccomp.MASKED_EQ, pyseccomp.EQ
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    with contextlib.suppress(Exception):  # a libseccomp before 2.5 has a longer way, no other one
        rules.set_attr(OPTIMIZE, AS_A_TREE)
    for name in denied():
        if driver and name in (*DRIVER, "unlink"):
            continue
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        with contextlib.suppress(Exception):  # not every architecture has every call
            rules.add_rule(deny, NUMBERS.get(name, number) if number == -1 else number)
    # glibc falls back from clone3, whose flags a filter can't see, to clone: threads only
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(deny, "clone", *([argument(0, masked, CLONE_THREAD, 0)] if threads else []))
    rules.add_rule(deny, "prlimit64", argument(0, pyseccomp.NE, 0))
    for command in FCNTL:
        rules.add_rule(deny, "fcntl", argument(1, equal, command))
    for command in IOCTL:
        rules.add_rule(deny, "ioctl", argument(1, equal, command))
    for kind in IOCTL_OF_FILES:
        rules.add_rule(deny, "ioctl", argument(1, masked, 0xFF00, kind << 8))
    for option in PRCTL:
        rules.add_rule(deny, "prctl", argument(0, equal, option))
    if driver:
        rules.add_rule(deny, "socket", argument(0, pyseccomp.NE, AF_UNIX))
        for kind in NO_STREAMS:
            rules.add_rule(deny, "socket", argument(1, masked, KIND_OF_SOCKET, kind))
        rules.add_rule(pyseccomp.ERRNO(errno.ENOENT), "unlink")
    return rules


__all__ = ["FAMILIES", "denied", "prepare", "restrict"]
