"""Texts for build_vocab, from the seed: small ones, and one as long and as mixed as a book's.

Case, width and white space count: who lowers, strips or normalises a text loses characters.
"""

from grader.checking.fill import Fill

LOWER = "abcdefghijklmnopqrstuvwxyz"
HAN = "学而时习之不亦说乎有朋自远方来乐人知愠君子其为也孝弟好犯上者鲜矣作乱未本立道生仁与"
MARKS = ",.!?;:'()-，。！？；：《》“”"
WIDE = "ＡＢａｂ１２①ﬁ²é😀"  # some become other characters by normalisation
SPACES = " \n\t\u3000"
LONG = 2000  # characters


def corpora(seed: int) -> list[str]:
    """The texts of one run, the smallest first."""
    fill = Fill(seed)

    def drawn(letters: str, count: int) -> str:
        return "".join(letters[index] for index in fill.integers(len(letters), count).tolist())

    first = drawn(LOWER, 1)
    word = drawn(LOWER, 3)
    small = [
        drawn(LOWER + HAN, 1),
        first * fill.integer(2, 4) + drawn(HAN, 1),
        word + word.upper()[::-1] + word,
        " " + drawn(LOWER, 2) + "\n" + drawn(HAN, 4) + drawn(MARKS, 2) + "\t",
        drawn(LOWER, 5) + " " + drawn(LOWER, 5),
    ]
    everything = LOWER + LOWER.upper() + "0123456789" + HAN + MARKS + WIDE
    rest = drawn(everything, LONG)
    order = fill.permutation(len(everything)).tolist()
    whole = "".join(everything[index] for index in order)  # each at least once, at the end
    return [*small, "\n\t" + rest + whole + " \u3000"]
