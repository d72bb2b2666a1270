"""Mistakes in predict_rnn: its guesses, and the text that comes back."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

import torch

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot


@wrong(
    "training.predict_rnn",
    en="The continuation has num_chars - 1 characters.",
    zh="续写只有 num_chars - 1 个字符。",
    hint_en="Count for a prefix of one character and num_chars = 1: how many steps are needed?",
    hint_zh="设前缀只有一个字符、num_chars = 1：需要走几步？",
)
def one_character_short(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars - 1):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The continuation has num_chars + 1 characters.",
    zh="续写有 num_chars + 1 个字符。",
    hint_en="The first guess comes out while the last character of the prefix goes in.",
    hint_zh="输入前缀的最后一个字符时，就已经得到第一个预测了。",
)
def one_character_too_many(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars + 1):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="num_chars is taken as the length of the whole text, prefix included.",
    zh="把 num_chars 当成了包括前缀在内的总长度。",
    hint_en="Exactly num_chars characters are new, however long the prefix is.",
    hint_zh="无论前缀多长，新写出的字符都恰好是 num_chars 个。",
)
def prefix_counted_in(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, max(len(prefix), num_chars)):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="Only the continuation comes back; the prefix belongs in front of it.",
    zh="只返回了续写的部分，前面还应当有前缀。",
    hint_en="The result starts with the prefix.",
    hint_zh="结果应以前缀开头。",
)
def continuation_only(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices[len(prefix) :])


@wrong(
    "training.predict_rnn",
    en="The arg-max is taken over the batch, not over the characters: it is always 0.",
    zh="argmax 取在了批量那一维，而不是字符那一维，结果总是 0。",
    hint_en="Y is (1, vocab_size). Along which dimension do the characters lie?",
    hint_zh="Y 的形状是 (1, vocab_size)。字符在哪一维？",
)
def argmax_over_the_batch(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].reshape(1, -1).argmax(dim=0)[0])
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The least likely character is chosen: arg-min instead of arg-max.",
    zh="选的是最不可能的字符：用了 argmin 而不是 argmax。",
    hint_en="A larger logit means a more likely character.",
    hint_zh="得分越大，字符越有可能出现。",
)
def least_likely(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmin())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The next character is drawn at random; here the most likely one is wanted.",
    zh="下一个字符是随机抽取的，而这里要取最有可能的那个。",
    hint_en="Two calls with the same arguments must give the same text.",
    hint_zh="用同样的参数调用两次，应得到同样的文本。",
)
def sampled(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        chances = outputs[-1].flatten().softmax(dim=0)
        guess = int(chances.multinomial(1))
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="A list of indices comes back; it should be text.",
    zh="返回的是下标的列表，应当是文本。",
    hint_en="Which of the last two arguments turns an index into a character?",
    hint_zh="最后两个参数中，哪一个把下标变回字符？",
)
def indices_returned(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return indices
