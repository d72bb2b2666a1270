"""Would a worker be root, with every file open to it? To be asked before anything of theirs is run.

It would where this process is root, the kernel has no Landlock, and a worker can't become a user of
its own: the system has no other ids, or not everybody may read Python's files.
"""

import functools
import os
import sys

from grader.sandbox import confinement, landlock


@functools.cache
def is_exposed() -> bool:
    """Whether workers started from here would be root without Landlock."""
    if sys.platform != "linux" or os.geteuid() != 0 or landlock.abi():
        return False
    return not _becomes_another_user()


def _becomes_another_user() -> bool:
    """Try it, in a process that ends then: what a container lets happen can't be read anywhere."""
    pid = os.fork()
    if pid == 0:
        became = False
        try:
            became = confinement._become_a_user_of_its_own(0, False, [])
        finally:
            os._exit(0 if became else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
