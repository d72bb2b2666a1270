"""Folders of the trusted side that some workers may read, and no other user, no other worker.

Started as root, workers are users of their own. What one of them is given belongs to a group that
nobody else is in: it stays readable to that worker, and unreadable to the workers of another
submission, whether Landlock is there or not. An ordinary user's workers share their user with
everything here; then modes keep other users out, and only Landlock keeps workers apart.
"""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable

FIRST_GROUP, GROUPS = 100_000, 100_000  # below the workers' own: confinement.FIRST_UID
FOLDER, FILE = 0o750, 0o640


def new_group() -> int | None:
    """A group for one folder; None where workers stay the user that they are."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return None
    return FIRST_GROUP + secrets.randbelow(GROUPS)


def share(path: str | os.PathLike, group: int | None) -> None:
    """Let a file or folder be read by the group, and by nobody else but its owner."""
    with contextlib.suppress(OSError):  # a container without that group: confinement looks at it
        if group is not None:
            os.chown(path, -1, group)
    os.chmod(path, FOLDER if os.path.isdir(path) else FILE)


def groups_of(paths: Iterable[str]) -> list[int]:
    """The groups that these folders were given to."""
    owners = {os.stat(path).st_gid for path in paths if os.path.exists(path)}
    return sorted(group for group in owners if FIRST_GROUP <= group < FIRST_GROUP + GROUPS)


def readable_with(paths: Iterable[str], groups: Iterable[int]) -> bool:
    """Whether a user without any right of root's, but in these groups, could read the paths."""
    states = [os.stat(path) for path in paths if os.path.exists(path)]
    return all(state.st_mode & 0o005 == 0o005 or state.st_gid in groups for state in states)


__all__ = ["groups_of", "new_group", "readable_with", "share"]
