"""Single keys from the terminal, without Enter; none where there is no terminal."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

LOOK_S = 0.1


@contextlib.contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[bool]:
    """Call ``pressed`` with every key while the block runs; gives whether there is a keyboard."""
    reader = _reader()
    if reader is None:
        yield False
        return
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            key = one()
            if key:
                pressed(key.lower())

    with reader as one:
        thread = threading.Thread(target=read, name="keys", daemon=True)
        thread.start()
        try:
            yield True
        finally:
            ended.set()
            thread.join(timeout=2)


def _reader() -> contextlib.AbstractContextManager[Callable[[], str]] | None:
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    try:
        import msvcrt  # noqa: F401
    except ImportError:
        return _posix()
    return _windows()


@contextlib.contextmanager
def _posix() -> Iterator[Callable[[], str]]:
    """Keys of a POSIX terminal; its modes are put back whatever happens."""
    import os
    import select
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def one() -> str:
        ready, _, _ = select.select([descriptor], [], [], LOOK_S)
        return os.read(descriptor, 1).decode("ascii", "ignore") if ready else ""

    try:
        tty.setcbreak(descriptor)  # Ctrl-C keeps its meaning
        yield one
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextlib.contextmanager
def _windows() -> Iterator[Callable[[], str]]:
    """Keys of a Windows console."""
    import msvcrt
    import time

    def one() -> str:
        if not msvcrt.kbhit():  # type: ignore[attr-defined]
            time.sleep(LOOK_S)
            return ""
        return str(msvcrt.getwch())  # type: ignore[attr-defined]

    yield one


__all__ = ["keys"]
