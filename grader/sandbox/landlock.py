"""Landlock: which files a worker may still reach, on every kernel that has it (from Linux 5.13 on).

The system calls themselves, without a library: what each version of the interface (ABI) can forbid
is asked of the kernel, and all of it is used. Files can be read where a rule says so and nowhere
else from ABI 1 on; later ones add what the table below says. What an older one lacks is forbidden
by seccomp (``confinement.py``), so that files are as safe with ABI 1.
"""

import ctypes
import functools
import os
import stat
import struct
import sys
from collections.abc import Iterable

# These calls have the same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_LOG_NOTHING = 1  # from ABI 7 on: what a submission tries does not fill the system's log

_EXECUTE, _WRITE, _READ, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MADE_AND_REMOVED = ((1 << 13) - 1) & ~(_EXECUTE | _WRITE | _READ | _READ_DIR)
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_FILE_RIGHTS = {  # by the ABI that brought them
    1: _EXECUTE | _WRITE | _READ | _READ_DIR | _MADE_AND_REMOVED,
    2: _REFER,
    3: _TRUNCATE,
    5: _IOCTL_DEVICE,
}
_BIND_AND_CONNECT, _NETWORK_SINCE = 0b11, 4
_SOCKETS_AND_SIGNALS, _SCOPES_SINCE = 0b11, 6
_QUIET_SINCE = 7
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL_DEVICE  # the others are of folders


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    return int(_libc().syscall(ctypes.c_long(number), *arguments))


def abi(most: int | None = None) -> int:
    """The version of Landlock that can be had here; 0 without any.

    Args:
        most: behave as a kernel would that has no newer one than this.
    """
    if sys.platform != "linux":
        return 0
    found = max(0, _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION)))
    return found if most is None else min(found, most)


def restrict(readable: Iterable[str], writable: Iterable[str], version: int) -> bool:
    """Leave these files and folders to this process and nothing else, for good.

    Args:
        readable: what may be read, with all that lies below it.
        writable: what exists and may be read, written, and used as a device.
        version: what ``abi`` said.

    Returns:
        whether that holds now; where it does not, nothing was changed.
    """
    if not version:
        return False
    handled = _handled(version)
    fields = [handled]
    fields += [_BIND_AND_CONNECT] if version >= _NETWORK_SINCE else []
    fields += [_SOCKETS_AND_SIGNALS] if version >= _SCOPES_SINCE else []
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    size = ctypes.c_size_t(len(attributes))
    ruleset = _call(_CREATE_RULESET, attributes, size, ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, (_READ | _READ_DIR) & handled)
        for path in writable:
            rights = _READ | _READ_DIR | _WRITE | _TRUNCATE | _IOCTL_DEVICE
            _allow(ruleset, path, rights & handled)
        flags = _LOG_NOTHING if version >= _QUIET_SINCE else 0
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
        return _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(flags)) == 0
    finally:
        os.close(ruleset)


def _handled(version: int) -> int:
    """All rights to files that this version can take away."""
    rights = 0
    for since, brought in _FILE_RIGHTS.items():
        rights |= brought if since <= version else 0
    return rights


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule; a path that is not there, or can't be reached, needs none."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, descriptor)  # the kernel's is packed, too
        where = (ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH))
        _call(_ADD_RULE, *where, rule, ctypes.c_uint32(0))
    finally:
        os.close(descriptor)


__all__ = ["abi", "restrict"]
