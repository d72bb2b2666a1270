"""A course's choices, from ``release.toml``: public seeds, hidden checks, the course's own seed."""

import dataclasses
import fnmatch
from pathlib import Path
from typing import Any

from grader.arguments import MOST_SEED, UsageProblem
from grader.catalog import Catalog, CatalogError, read_toml

FILE = "release.toml"
ALWAYS_HIDDEN = "timing"  # the kind of checks that need the reference's own worker


@dataclasses.dataclass(frozen=True)
class Settings:
    """What is public.

    Attributes:
        seeds: those that students can grade with.
        hidden: ids of the checks that they don't get.
        server_seed: the course's.
    """

    seeds: tuple[int, ...]
    hidden: frozenset[str]
    server_seed: int


def settings(root: Path, catalog: Catalog) -> Settings:
    """The choices that stand in the kit's ``release.toml``.

    Raises:
        UsageProblem: if one makes no sense.
    """
    try:
        content = read_toml(root / FILE)
    except CatalogError as error:
        raise UsageProblem("release_settings", text=error) from None
    unknown = sorted(set(content) - {"seeds", "hidden", "server_seed"})
    if unknown:
        raise UsageProblem("release_settings", text=f"{FILE}: {unknown[0]}?")
    seeds = content.get("seeds", [])
    if not isinstance(seeds, list) or not seeds:
        raise UsageProblem("release_settings", text=f"{FILE}: seeds = [2026]")
    for seed in (*seeds, content.get("server_seed")):
        if not _is_seed(seed):
            text = f"{FILE}: {seed!r} (seeds, server_seed)"
            raise UsageProblem("release_settings", text=text)
    hidden = _hidden(content.get("hidden", []), catalog)
    return Settings(tuple(seeds), hidden, content["server_seed"])


def _is_seed(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_SEED


def _hidden(patterns: Any, catalog: Catalog) -> frozenset[str]:
    if not isinstance(patterns, list):
        raise UsageProblem("release_settings", text=f"{FILE}: hidden = []")
    checks = [check for function in catalog.functions.values() for check in function.checks]
    hidden = {check.id for check in checks if check.kind == ALWAYS_HIDDEN}
    for pattern in patterns:
        found = {check.id for check in checks if fnmatch.fnmatchcase(check.id, str(pattern))}
        if not found:
            raise UsageProblem("release_pattern", pattern=pattern)
        hidden |= found
    for function in catalog.functions.values():
        if all(check.id in hidden for check in function.checks):
            raise UsageProblem("release_nothing_left", name=function.key)
    return frozenset(hidden)
