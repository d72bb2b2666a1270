"""Running git on objects that anybody may have made, with nothing else of theirs in reach.

Git works in an empty repository of our own, with our configuration, and is shown the other one's
objects only (``GIT_OBJECT_DIRECTORY``). Its time, memory and output are bounded.
"""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from grader.batch.selection import KEPT_BYTES, problem
from grader.sandbox.limits import MIB

SECONDS = 20.0  # for all git commands of one repository
CPU_SECONDS = 20  # for each of them
MEMORY_BYTES = 1024 * MIB  # address space of git
OUTPUT_BYTES = KEPT_BYTES + 8 * MIB

_LIMITED = 'ulimit -v {0} 2>/dev/null; ulimit -t {1}; ulimit -f {2}; ulimit -c 0; exec "$@"'
_SETTINGS = (
    "core.packedGitWindowSize=16m",
    "core.packedGitLimit=256m",
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "core.bigFileThreshold=16m",
    "pack.threads=1",
)


class Git:
    """Git, in an empty repository of its own, with the objects of another.

    Args:
        long: whether hashes are SHA-256.
    """

    def __init__(self, objects: Path, long: bool) -> None:
        self._holder = tempfile.TemporaryDirectory(prefix="gatecheck-git-")
        self._home = Path(self._holder.name)
        self._until = time.monotonic() + SECONDS
        (self._home / "git" / "refs").mkdir(parents=True)
        (self._home / "git" / "objects").mkdir()
        (self._home / "git" / "HEAD").write_text("ref: refs/heads/none\n")
        version = f"[core]\nrepositoryformatversion = {int(long)}\nbare = true\n"
        kind = "[extensions]\nobjectFormat = sha256\n" if long else ""
        (self._home / "git" / "config").write_text(version + kind)
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "LC_ALL": "C",
            "GIT_DIR": str(self._home / "git"),
            "GIT_OBJECT_DIRECTORY": str(objects.absolute()),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def __enter__(self) -> "Git":
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.cleanup()

    def run(self, *command: str, given: str = "") -> bytes:
        """What a command of git writes; nothing if it fails.

        Raises:
            IntakeProblem: if it takes too long, or writes too much.
        """
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as source:
            source.write(given.encode())
            source.seek(0)
            process = subprocess.Popen(
                [*_limits(), "git", "--no-pager", *settings, *command],
                stdin=source,
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=self._home,
                env=self._environment,
                start_new_session=True,
            )
            code = self._wait(process)
            if code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
                raise problem("repository_large", most=OUTPUT_BYTES // MIB)
            output.seek(0)
            return output.read(OUTPUT_BYTES) if code == 0 else b""

    def _wait(self, process: "subprocess.Popen[bytes]") -> int:
        try:
            return process.wait(max(0.1, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise problem("repository_slow", seconds=int(SECONDS)) from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@functools.cache
def _limits() -> tuple[str, ...]:
    """The words before a command that bound its memory, CPU seconds and output."""
    shell = shutil.which("sh")
    blocks = OUTPUT_BYTES // 512
    script = _LIMITED.format(MEMORY_BYTES // 1024, CPU_SECONDS, blocks)
    return (shell, "-c", script, "sh") if shell else ()
