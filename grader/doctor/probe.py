"""What the doctor's worker tries, as the source of a submission: it is loaded like any other.

Each attempt is something that a hostile submission would do; each answers what happened, as text.
Nothing here harms a machine on which nothing is confined: a child ends at once, a signal is number
0, memory is asked for and not touched, and what was written is removed.
"""

SOURCE = '''
import os, time


def _connect():
    import socket
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect(("192.0.2.1", 9))  # an address for documentation; a datagram socket sends nothing


def _read(path):
    with open(path, "rb") as file:
        file.read(10)


def _write(path):
    name = os.path.join(path, "gatecheck-doctor-" + str(os.getpid()))
    with open(name, "wb") as file:
        file.write(b"x")
    os.unlink(name)


def _fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _exec():
    os.execv("/nowhere/gatecheck-doctor", ["x"])  # refused before it is looked for, or not found


def _call(name, *arguments):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


def _threads():
    import threading
    threading.stack_size(65536)
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def _files():
    kept = [os.dup(0) for _ in range(5000)]


def attempt(what, detail):
    """Answers done, refused or absent, and how."""
    attempts = {
        "network": _connect,
        "read": lambda: _read(detail),
        "environment": lambda: _read("/proc/%d/environ" % os.getppid()),
        "write": lambda: _write(detail),
        "fork": _fork,
        "exec": _exec,
        "signal": lambda: os.kill(int(detail), 0),
        "trace": lambda: _call("ptrace", 16, int(detail), 0, 0),
        "namespaces": lambda: _call("unshare", 0x10000000),
        "memory": lambda: bytearray(int(detail)),
        "threads": _threads,
        "files": _files,
    }
    try:
        attempts[what]()
    except FileNotFoundError:
        return "absent"  # it was allowed to look
    except (OSError, MemoryError, RuntimeError, AttributeError, ImportError) as error:
        return "refused " + type(error).__name__
    return "done"


def secrets(_, __):
    """The names of variables that the grading process has and this one should not."""
    return ",".join(sorted(name for name in os.environ if name.startswith("GATECHECK_")))


def loop(_, __):
    while True:
        pass


def sleep(_, __):
    time.sleep(60)


def work(_, repetitions):
    """Seconds of a small computation, as often as asked."""
    import torch
    x = torch.ones(64, 64)
    start = time.perf_counter()
    for _ in range(int(repetitions)):
        x = torch.tanh(x @ x)
    return time.perf_counter() - start
'''
