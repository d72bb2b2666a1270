"""How long a worker has worked, and how long it has waited: a busy machine counts for neither.

What passes on the wall while a worker is asked is processor time, waiting for a processor, and the
rest, which is *idle*: sleeping, reading, a lock, being stopped. Only the first and the last are the
worker's doing. Linux keeps the time that each thread waited for a processor; where it is not to be
had (another system, or a kernel without it) waiting for a processor counts as idle.
"""

import os
import sys
import time

SHORT_S = 0.1  # what takes no longer than this is not idle: the look itself would cost as much
_NS = 1e-9


class Stopwatch:
    """Started when a worker is asked; tells its processor seconds and idle ones since then.

    Args:
        pid: the worker's process.
        whole: count all the processor time that it ever used: it began before it was asked.
    """

    def __init__(self, pid: int, whole: bool = False) -> None:
        self._pid = pid
        self._start = time.monotonic()
        self._cpu_start = 0.0 if whole else cpu_seconds(pid)
        self._cpu = self._cpu_start
        self._queued_start = _queued_seconds(f"{pid}")
        self._queued = self._queued_start
        self._own_start = _queued_seconds("thread-self")

    @property
    def wall_s(self) -> float:
        """By the clock on the wall."""
        return time.monotonic() - self._start

    @property
    def cpu_s(self) -> float:
        """Of a processor, all threads together; what was seen last if the worker is gone."""
        self._cpu = max(self._cpu, cpu_seconds(self._pid))
        return self._cpu - self._cpu_start

    @property
    def idle_s(self) -> float:
        """In which the worker had nothing to do for a processor, and this side was not late."""
        wall = self.wall_s
        if wall <= SHORT_S:
            return 0.0
        self._queued = max(self._queued, _queued_seconds(f"{self._pid}"))
        queued = self._queued - self._queued_start
        own = _queued_seconds("thread-self") - self._own_start
        return max(0.0, wall - self.cpu_s - queued - max(0.0, own))


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far; 0 where the system can't tell."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime(~pid << 3 | 2)  # CPUCLOCK_SCHED of that process
    except OSError:
        return 0.0


def _queued_seconds(task: str) -> float:
    """How long a task of /proc was ready to run and had no processor; 0 where nobody knows.

    Of a process it is its first thread: the others' work shows in the processor time.
    """
    try:
        descriptor = os.open(f"/proc/{task}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0.0
    try:
        return int(os.read(descriptor, 100).split()[1]) * _NS
    except (OSError, ValueError, IndexError):
        return 0.0
    finally:
        os.close(descriptor)
