"""Run by tests as a program of its own: takes rights away from itself and says what is left.

``python -m tests.kit.confined STEP ...`` prints one line of JSON.
"""

import ctypes
import json
import os
import socket
import sys

from grader.doctor import probe
from grader.sandbox import confinement, landlock, sharing, syscalls

_LIBC = ctypes.CDLL(None, use_errno=True)


def _outcome(function, *arguments) -> str:
    try:
        function(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"


def _read(path):
    with open(path, "rb") as file:
        file.read(1)


def _write(path):
    with open(path, "r+b") as file:
        file.write(b"x")


def files(folder: str) -> dict[str, dict[str, str]]:
    """What can be done with files under each version of Landlock, below the folder."""
    found = {}
    own, other = os.path.join(folder, "own"), os.path.join(folder, "other")
    for version in range(1, landlock.abi() + 1):
        attempts = {
            "read own": (_read, f"{own}/file"),
            "read other": (_read, f"{other}/file"),
            "list other": (os.listdir, other),
            "write own": (_write, f"{own}/file"),
            "truncate own": (os.truncate, f"{own}/file", 0),
            "make": (os.mkdir, f"{own}/new"),
            "rename": (os.rename, f"{own}/file", f"{own}/renamed"),
            "remove": (os.unlink, f"{own}/file"),
            "null": (_write, "/dev/null"),
        }

        def confined(version=version, attempts=attempts):
            layers = confinement.confine([own], 5, most_abi=version)
            return {"layers": layers, **{n: _outcome(*a) for n, a in attempts.items()}}

        found[str(version)] = _in_a_child(confined)
    return found


def metadata(path: str) -> dict[str, int]:
    """The error number of each call about a file that its owner may not make any more."""
    space: dict = {"__file__": path}
    exec(probe.SOURCE, space)  # the doctor's attempts

    def filtered():
        assert syscalls.restrict(threads=True)
        names = ("modes", "times", "attributes", "names", "locks", "placement")
        found = {name: _outcome(space["ATTEMPTS"][name], path) for name in names}
        for name, number in syscalls.NUMBERS.items():
            _LIBC.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
            found[name] = ctypes.get_errno()
        return found

    return _in_a_child(filtered)


def sockets(driver: str, file: str) -> dict[str, str]:
    """What a worker can do with sockets, one for the CPU (driver "") or one that has a driver.

    And whether it can remove a file.
    """
    unix, path = socket.AF_UNIX, "\0gatecheck-test"

    def at(kind):
        with socket.socket(unix, kind) as one:
            one.bind(f"{path}-{os.getpid()}")

    def listened():
        with socket.socket(unix, socket.SOCK_STREAM) as one:
            one.bind(f"{path}-{os.getpid()}-stream")
            one.listen()
            return one.accept()

    def filtered():
        assert syscalls.restrict(threads=True, driver=bool(driver))
        attempts = {
            "local": (at, socket.SOCK_STREAM),
            "datagrams": (at, socket.SOCK_DGRAM),
            "internet": (socket.socket, socket.AF_INET),
            "netlink": (socket.socket, socket.AF_NETLINK, socket.SOCK_RAW),
            "accept": (listened,),
            "connect": (_connect,),
            "remove": (os.unlink, file),
        }
        return {name: _outcome(*attempt) for name, attempt in attempts.items()}

    return _in_a_child(filtered)


def _connect():
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0gatecheck-nobody")


def sharing_of(own: str, other: str) -> dict[str, str]:
    """What a worker without Landlock, of root's, reads of its own snapshot and of another one."""
    confinement._world_readable = lambda _: True
    groups = sharing.groups_of([own])

    def became():
        assert confinement._become_a_user_of_its_own(77, False, groups, [own])
        found = {}
        for name, folder in (("own", own), ("other", other)):
            found[name] = _outcome(_read, os.path.join(folder, "gru.py"))
            found[f"list {name}"] = _outcome(os.listdir, folder)
        return found

    return _in_a_child(became)


def _in_a_child(function):
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            os.write(writing, json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        return json.loads(pipe.read())


STEPS = {"files": files, "metadata": metadata, "sharing": sharing_of, "sockets": sockets}

if __name__ == "__main__":
    step, *given = sys.argv[1:]
    print(json.dumps(STEPS[step](*given)))
