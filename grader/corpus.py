"""The corpora in ``data/``: a text by its name, as indices into its vocabulary."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
CORPORA = ("lunyu", "sonnets")


def load_corpus(
    name: str, max_chars: int | None = 10_000, letters_only: bool = False
) -> tuple[list[int], dict[str, int], list[str], int]:
    """A text as a list of indices; the same call gives the same numbers on every machine.

    Args:
        name: one of ``CORPORA``: "lunyu" (论语, Chinese) or "sonnets" (Shakespeare, English).
        max_chars: how many characters from the beginning; all if None.
        letters_only: lower case, letters and spaces only: a small vocabulary, 27 for the sonnets.

    Returns:
        ``(corpus_indices, char_to_idx, idx_to_char, vocab_size)``, the vocabulary being that of
        these characters, in the order of their code points. A line's end is a space.

    Raises:
        ValueError: if there is no such corpus, or nothing of it is asked for.
    """
    if name not in CORPORA:
        raise ValueError(f"there is no corpus {name!r}: choose one of {', '.join(CORPORA)}")
    if max_chars is not None and max_chars < 1:
        raise ValueError(f"max_chars is at least 1, not {max_chars}")
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8").strip().replace("\n", " ")
    if letters_only:
        text = "".join(char for char in text.lower() if char.isalpha() or char == " ")
    text = text[:max_chars]
    idx_to_char = sorted(set(text))
    char_to_idx = {char: index for index, char in enumerate(idx_to_char)}
    return [char_to_idx[char] for char in text], char_to_idx, idx_to_char, len(idx_to_char)
