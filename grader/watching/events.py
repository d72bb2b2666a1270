"""What happens while somebody works: files are saved, keys are pressed."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".py", ".ipynb")
DEBOUNCE_MS, STEP_MS, LOOK_MS = 30, 10, 200  # editors write a file in several steps


@dataclass(frozen=True)
class Saved:
    """The file of an exercise was written, renamed into place, or deleted."""

    exercise: str


@dataclass(frozen=True)
class Pressed:
    """A key."""

    key: str


Event = Saved | Pressed


class Events:
    """Collects events from threads of its own, in the order in which they happen.

    Args:
        folder: whose files are watched.
        exercises: the names that count.
        urgent: called at once, in the other thread, with every event, before it can be taken.
    """

    def __init__(self, folder: Path, exercises: list[str], urgent: Callable[[Event], None]) -> None:
        self.folder = folder
        self.exercises = set(exercises)
        self.urgent = urgent
        self.queue: queue.Queue[Event] = queue.Queue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="saves", daemon=True)
        self.ready = threading.Event()

    def __enter__(self) -> "Events":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(timeout=2)

    def put(self, event: Event) -> None:
        """Add an event, as from the keyboard."""
        self.urgent(event)
        self.queue.put(event)

    def take(self, seconds: float | None = None) -> Event | None:
        """The next event; None if there was none for so long."""
        try:
            return self.queue.get(timeout=seconds)
        except queue.Empty:
            return None

    def _watch(self) -> None:
        from watchfiles import watch

        changes = watch(
            self.folder,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            stop_event=self._ended,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        )
        for found in changes:
            self.ready.set()
            names = {Path(path).stem for _, path in found if Path(path).suffix in SUFFIXES}
            for name in sorted(names & self.exercises):
                self.put(Saved(name))


__all__ = ["Event", "Events", "Pressed", "Saved"]
