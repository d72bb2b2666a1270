"""Large pages make forks cheap where the system has them, and harm nothing where it has not."""

import subprocess
import sys

import pytest

from grader import catalog as catalogs
from grader.sandbox import pages

MAPS = """\
00400000-00a00000 r--p 00000000 08:01 77 /usr/bin/python3.11
00a00000-01000000 rw-p 00000000 00:00 0 [heap]
7f0000100000-7f0000700000 rw-p 00000000 00:00 0
7f0000800000-7f0000c00000 rw-p 00000000 08:01 78 /usr/lib/libtorch.so
7f0000e00000-7f0001000000 ---p 00000000 00:00 0
7ffe00000000-7ffe00400000 rw-p 00000000 00:00 0 [stack]
"""


def test_only_own_memory_is_joined_and_only_whole_large_pages():
    """The heap and nameless mappings; no file's, no guard, no stack."""
    found = [hex(start) for start in pages._large(MAPS.splitlines())]
    assert found == ["0xa00000", "0xc00000", "0xe00000", "0x7f0000200000", "0x7f0000400000"]


def test_what_was_in_memory_is_still_there_afterwards():
    """In a process of its own; how much was joined depends on the system."""
    code = (
        "from grader.sandbox import pages\n"
        "kept = [bytearray([n % 256]) * (1 << 16) for n in range(256)]\n"
        "steps = list(pages.joined())\n"
        "assert steps == sorted(steps)\n"
        "assert all(set(each) == {n % 256} for n, each in enumerate(kept))\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=catalogs.ROOT, check=True)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_left_alone(system, monkeypatch):
    """There is nothing of the kind to ask for."""
    monkeypatch.setattr(sys, "platform", system)
    assert list(pages.joined()) == []


def test_a_linux_without_proc_is_left_alone(monkeypatch):
    """As in some containers."""

    def nothing(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", nothing)
    assert list(pages.joined()) == []
