"""The corpora: there, in the public domain, and loaded by one function."""

import pytest

from grader import catalog as catalogs
from grader.corpus import load_corpus


@pytest.mark.parametrize(("name", "size"), [("lunyu", 1021), ("sonnets", 20)])
def test_a_corpus_is_numbers_and_a_vocabulary(name, size):
    """Indices, both dictionaries and the vocabulary's size belong together."""
    indices, char_to_idx, idx_to_char, vocab_size = load_corpus(name)
    assert len(indices) == 10_000
    assert len(idx_to_char) == len(char_to_idx) == vocab_size >= size
    assert all(char_to_idx[char] == index for index, char in enumerate(idx_to_char))
    assert set(indices) <= set(range(vocab_size))
    assert "\n" not in char_to_idx


def test_loading_twice_gives_the_same():
    """The order of the vocabulary does not depend on the run."""
    assert load_corpus("lunyu", 500)[2] == load_corpus("lunyu", 500)[2]


def test_an_unknown_corpus_is_named_with_those_there_are():
    """The error says which corpora there are."""
    with pytest.raises(Exception, match="lunyu"):
        load_corpus("shakespeare")


def test_sources_and_licences_stand_beside_the_texts():
    """data/README.md names each text; the licence that must be shipped is shipped."""
    data = catalogs.ROOT / "data"
    text = (data / "README.md").read_text(encoding="utf-8")
    for path in data.glob("*.txt"):
        if not path.name.startswith("LICENSE"):
            assert path.name in text
    assert "JackeyGao" in (data / "LICENSE.lunyu.txt").read_text()
