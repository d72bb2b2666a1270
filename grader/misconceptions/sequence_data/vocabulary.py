"""Mistakes in build_vocab."""

from grader.misconceptions import wrong


@wrong(
    "sequence_data.build_vocab",
    en="The list keeps every occurrence of a character instead of one of each.",
    zh="列表里同一个字符出现了多次，没有去重。",
    hint_en="How long should idx_to_char be for the corpus 'aab'? Which type keeps one of each?",
    hint_zh="语料为 'aab' 时 idx_to_char 应该多长？哪种类型会自动去重？",
)
def keeps_duplicates(corpus):
    idx_to_char = list(corpus)
    return idx_to_char, {char: index for index, char in enumerate(idx_to_char)}


@wrong(
    "sequence_data.build_vocab",
    en="The list and the dict number the characters in two different orders.",
    zh="列表和字典按两种不同的顺序给字符编号。",
    hint_en="Make the list first, then number that very list: idx_to_char[char_to_idx[c]] is c.",
    hint_zh="先得到列表，再给这同一个列表编号：idx_to_char[char_to_idx[c]] 应当就是 c。",
)
def numbered_in_another_order(corpus):
    idx_to_char = list(dict.fromkeys(corpus))
    return idx_to_char, {char: index for index, char in enumerate(sorted(idx_to_char))}


@wrong(
    "sequence_data.build_vocab",
    en="The dict starts counting at 1, but the list's first index is 0.",
    zh="字典从 1 开始编号，而列表的下标从 0 开始。",
    hint_en="Look up idx_to_char[char_to_idx[c]] for the last character of the list.",
    hint_zh="对列表的最后一个字符 c，试试 idx_to_char[char_to_idx[c]]。",
)
def counts_from_one(corpus):
    idx_to_char = sorted(set(corpus))
    return idx_to_char, {char: index for index, char in enumerate(idx_to_char, 1)}


@wrong(
    "sequence_data.build_vocab",
    en="char_to_idx maps indices to characters: it is not the inverse yet.",
    zh="char_to_idx 是从下标到字符的映射，方向反了。",
    hint_en="enumerate gives (index, character). Which of the two is the key here?",
    hint_zh="enumerate 给出的是 （下标，字符），这里哪一个应当作键？",
)
def dict_not_inverted(corpus):
    idx_to_char = sorted(set(corpus))
    return idx_to_char, dict(enumerate(idx_to_char))


@wrong(
    "sequence_data.build_vocab",
    en="The two results come back in the wrong order: the dict first, the list second.",
    zh="两个返回值的次序反了：字典在前，列表在后。",
    hint_en="Read the docstring's return line once more: which one comes first?",
    hint_zh="再看一遍文档字符串中的返回值：哪一个在前？",
)
def results_swapped(corpus):
    idx_to_char = sorted(set(corpus))
    return {char: index for index, char in enumerate(idx_to_char)}, idx_to_char


@wrong(
    "sequence_data.build_vocab",
    en="Spaces and line breaks are left out of the vocabulary.",
    zh="空格和换行没有进入词表。",
    hint_en="The model works on characters, and a space is a character like any other.",
    hint_zh="模型以字符为单位，空格也是一个普通的字符。",
)
def whitespace_dropped(corpus):
    idx_to_char = sorted({char for char in corpus if not char.isspace()})
    return idx_to_char, {char: index for index, char in enumerate(idx_to_char)}


@wrong(
    "sequence_data.build_vocab",
    en="The last character of the list has no index in the dict.",
    zh="列表中的最后一个字符在字典里没有编号。",
    hint_en="range already stops before its end. Do both results have the same length?",
    hint_zh="range 本来就不含终点。两个返回值一样长吗？",
)
def last_character_missing(corpus):
    idx_to_char = sorted(set(corpus))
    return idx_to_char, {idx_to_char[i]: i for i in range(len(idx_to_char) - 1)}


@wrong(
    "sequence_data.build_vocab",
    en="The vocabulary holds an extra '<unk>', which does not occur in the corpus.",
    zh="词表里多了一个语料中并不存在的 '<unk>'。",
    hint_en="Only the characters of the corpus belong here; nothing in it is unknown.",
    hint_zh="这里只收语料中出现的字符，其中没有未知字符。",
)
def unknown_token_added(corpus):
    idx_to_char = ["<unk>", *sorted(set(corpus))]
    return idx_to_char, {char: index for index, char in enumerate(idx_to_char)}


@wrong(
    "sequence_data.build_vocab",
    en="The dict gives a character's place in the corpus, not in idx_to_char.",
    zh="字典给出的是字符在语料中的位置，而不是在 idx_to_char 中的位置。",
    hint_en="An index is smaller than the vocabulary's size. Which sequence should be counted?",
    hint_zh="编号应小于词表大小。应当对哪个序列计数？",
)
def position_in_corpus(corpus):
    return sorted(set(corpus)), {char: corpus.index(char) for char in corpus}
