"""The grader's own sentences, by id, in English and Chinese: ``en.toml`` and ``zh.toml``.

An id is ``section.name``; fields stand in braces, ``{function}``, and are filled in as plain text.
Words about one exercise stand beside its checks instead (``grader/catalog.py``).
"""

import functools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).resolve().parent


class Texts:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        """Read them.

        Raises:
            ValueError: if there is no such language.
        """
        if language not in LANGUAGES:
            raise ValueError(f"the languages are {', '.join(LANGUAGES)}, not {language!r}")
        self.language = language
        self._sentences = sentences(language)

    def has(self, name: str) -> bool:
        """Whether there is a sentence called ``name``."""
        return name in self._sentences

    def say(self, name: str, /, **fields: Any) -> str:
        """The sentence called ``name`` with its fields filled in.

        A sentence that is missing never stops a run: its name and fields are shown instead.
        """
        sentence = self._sentences.get(name)
        if sentence is None:
            known = ", ".join(f"{field}={value}" for field, value in fields.items())
            plain = name.rpartition(".")[2].replace("_", " ")
            return f"{plain} ({known})" if known else plain
        return sentence.format_map(_Fields(fields))


class _Fields(dict[str, Any]):
    """Named fields; one that is missing shows as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


@functools.cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of a language by its id."""
    content = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": sentence
        for section, rows in content.items()
        for name, sentence in rows.items()
    }


def default_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the user's locale: Chinese for zh*, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name, "")
        if locale:
            return "zh" if locale.lower().startswith("zh") else "en"
    return "en"
