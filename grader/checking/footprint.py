"""How much memory a worker has had at most, by the kernel's count, which no code in it changes."""

from pathlib import Path


def peak_bytes(pid: int) -> int:
    """The most memory that a process has had in use so far; 0 where the system can't tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    for line in lines.splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM" and value.split()[1:] == ["kB"]:
            return int(value.split()[0]) * 1024
    return 0
