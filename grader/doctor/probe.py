"""What the doctor's worker tries, as the source of a submission: it is loaded like any other.

Each attempt is something that a hostile submission would do; each answers what happened, as text.
Nothing here harms a machine on which nothing is confined: a child ends at once, a signal is number
0, memory is asked for and not touched, tracing stops nobody, what was written is removed, and a
file's mode, owner and times are set to what they are.
"""

SOURCE = '''
import os, sys, time


def _connect(_):
    import socket
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))  # there on every machine, and nothing is sent


def _read(path):
    with open(path, "rb") as file:
        file.read(10)


def _write(path):
    name = os.path.join(path, "gatecheck-doctor-" + str(os.getpid()))
    with open(name, "wb") as file:
        file.write(b"x")
    os.unlink(name)


def _fork(_):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _exec(_):
    code = "import os; os._exit(0)"  # where it is allowed, this worker ends, with status 0
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", code])


def _call(name, *arguments):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    wide = [ctypes.c_long(argument) for argument in arguments]
    if getattr(libc, name)(*wide) == -1:
        raise OSError(ctypes.get_errno(), name)


def _either(first, second):
    try:
        _call(*first)
    except OSError:
        _call(*second)


def _trace(pid):
    seize, trace_me = 0x4206, 0  # neither stops a process
    _either(("ptrace", seize, int(pid), 0, 0), ("ptrace", trace_me, 0, 0, 0))


def _namespaces(_):
    user, files = 0x10000000, 0x200  # the second needs no right at all
    _either(("unshare", user), ("unshare", files))


def _memory(size):
    import mmap
    kind = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    mmap.mmap(-1, int(size), kind).close()


def _threads(number):
    import threading
    threading.stack_size(65536)
    for _ in range(int(number)):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def _files(number):
    kept = [os.dup(0) for _ in range(int(number))]


def _rights(harmless):
    """Become root again, or hold a right that could be taken up."""
    try:
        os.setresuid(0, 0, 0)
    except OSError:
        with open("/proc/self/status") as file:
            held = [line.split()[1] for line in file if line.startswith("CapPrm:")]
        if not int(held[0], 16) & ~int(harmless):
            raise


def _any(calls):
    """Do what the libc's functions and the numbered calls say; one that works is enough."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    error, worked = OSError("nothing of it is known here"), False
    for name, *arguments in calls:
        function = libc.syscall if isinstance(name, int) else getattr(libc, name, None)
        if function is None:
            continue
        given = [ctypes.c_long(name)] if isinstance(name, int) else []
        given += [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
        if function(*given) == -1:
            error = OSError(ctypes.get_errno(), name)
        else:
            worked = True
    if not worked:
        raise error


def _own():
    """A file that this worker may read, how it is, and a descriptor of it."""
    number = os.open(__file__, os.O_RDONLY)
    return os.fsencode(__file__), os.fstat(number), number


def _modes(outside):
    own, state, number = _own()
    here, mode, nobody = -100, state.st_mode & 0o7777, -1
    calls = [("fchmod", number, mode), ("fchown", number, nobody, nobody)]
    for path, mode in ((own, mode), (os.fsencode(outside), 0o644)):
        calls += [("chmod", path, mode), ("fchmodat", here, path, mode, 0)]
        calls += [(452, here, path, mode, 0), ("chown", path, nobody, nobody)]
        calls += [("lchown", path, nobody, nobody), ("fchownat", here, path, nobody, nobody, 0)]
    _any(calls)


def _times(outside):
    own, _, number = _own()
    calls = [("futimens", number, 0)]
    for path in (own, os.fsencode(outside)):
        calls += [("utime", path, 0), ("utimes", path, 0), ("utimensat", -100, path, 0, 0)]
        calls += [("futimesat", -100, path, 0)]
    _any(calls)


def _attributes(outside):
    own, _, number = _own()
    name, value = b"user.gatecheck", b"x"
    calls = [("fsetxattr", number, name, value, 1, 0), ("fremovexattr", number, name)]
    for path in (own, os.fsencode(outside)):
        calls += [("setxattr", path, name, value, 1, 0), ("lsetxattr", path, name, value, 1, 0)]
        calls += [("removexattr", path, name), ("lremovexattr", path, name)]
    _any(calls)


def _names(outside):
    path = os.fsencode(outside)
    other, size = path + b".doctor", os.stat(outside).st_size
    calls = [("truncate", path, size), ("link", path, other), ("symlink", path, other)]
    calls += [("unlink", other), ("mkdir", other, 0o700), ("rmdir", other)]
    calls += [("rename", path, other), ("rename", other, path)]
    _any(calls)


def _locks(_):
    import fcntl
    _, _, number = _own()
    lock = bytes(64)  # a lock for reading, of everything
    both = [("flock", number, fcntl.LOCK_SH | fcntl.LOCK_NB), ("flock", number, fcntl.LOCK_UN)]
    _any([*both, ("fcntl", number, fcntl.F_SETLK, lock), ("fcntl", number, 1024, fcntl.F_RDLCK)])


def _placement(_):
    try:
        os.sched_setaffinity(0, os.sched_getaffinity(0))
    except OSError:
        os.sched_setscheduler(0, os.sched_getscheduler(0), os.sched_getparam(0))


ATTEMPTS = {
    "network": _connect,
    "read": _read,
    "solutions": _read,
    "environment": _read,
    "write": _write,
    "fork": _fork,
    "exec": _exec,
    "rights": _rights,
    "signal": lambda pid: os.kill(int(pid), 0),
    "trace": _trace,
    "modes": _modes,
    "times": _times,
    "attributes": _attributes,
    "names": _names,
    "locks": _locks,
    "placement": _placement,
    "namespaces": _namespaces,
    "memory": _memory,
    "threads": _threads,
    "files": _files,
}


def attempt(what, detail):
    """Answers done or refused, and how."""
    try:
        ATTEMPTS[what](detail)
    except FileNotFoundError:
        return "done"  # it was allowed to look
    except (OSError, MemoryError, RuntimeError) as error:
        return "refused " + type(error).__name__
    return "done"


def secrets(_, __):
    """The names of variables that the grading process has and this one should not."""
    names = set(os.environ)
    try:
        with open("/proc/self/environ", "rb") as file:
            names |= {entry.partition(b"=")[0].decode() for entry in file.read().split(b"\\0")}
    except OSError:
        pass
    return ",".join(sorted(name for name in names if name.startswith("GATECHECK_DOCTOR")))


def loop(_, __):
    while True:
        pass


def sleep(_, __):
    time.sleep(60)


def product(device, _):
    """Largest relative error of a small float32 product on a device, and its free memory."""
    import torch
    torch.manual_seed(1)
    a, b = torch.randn(64, 64), torch.randn(64, 64)
    right = a.double() @ b.double()
    found = (a.to(device) @ b.to(device)).cpu().double()
    error = ((found - right).abs().max() / right.abs().max()).item()
    try:
        module = torch.get_device_module(device.partition(":")[0])
        free = module.mem_get_info(torch.device(device).index or 0)[0]
    except Exception:
        free = -1
    return str(error) + " " + str(free)
'''
