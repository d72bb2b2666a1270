import torch


def build_vocab(corpus):
    chars = sorted(set(corpus) | {“”})
    return chars, {c: i for i, c in enumerate(chars)}
