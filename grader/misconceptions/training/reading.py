"""Mistakes in predict_rnn: how it reads the prefix, and what becomes of the state."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

import torch

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot


@wrong(
    "training.predict_rnn",
    en="Only the last character of the prefix is fed; the model never reads what comes before it.",
    zh="只把前缀的最后一个字符喂给了模型，前面的都没有读。",
    hint_en="What does the state know about the prefix when the first guess is made?",
    hint_zh="做第一次预测时，隐藏状态对前缀了解多少？",
)
def prefix_not_read(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[char] for char in prefix]
    for _ in range(num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        indices.append(int(outputs[-1].argmax()))
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="Every character is read with the first state: the new state is thrown away.",
    zh="每个字符都用最初的状态来读，新的状态被丢掉了。",
    hint_en="rnn returns two things. What becomes of the second one?",
    hint_zh="rnn 返回两样东西，第二样用到哪里去了？",
)
def state_not_carried(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, _ = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="After the first guess the state is made anew, so the prefix is forgotten.",
    zh="做完第一次预测后又新建了状态，前缀全忘了。",
    hint_en="The guesses depend on what was read: one state from first to last.",
    hint_zh="预测取决于读过的内容：从头到尾应是同一个状态。",
)
def state_reset_after_prefix(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        if t == len(prefix) + 1:
            state = init_rnn_state(1, num_hiddens, device)
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="While it reads the prefix, the model is fed its own guesses instead of the prefix.",
    zh="读前缀时喂给模型的是它自己的预测，而不是前缀。",
    hint_en="As long as there is prefix left, the next input is the prefix's next character.",
    hint_zh="只要前缀还没读完，下一个输入就是前缀的下一个字符。",
)
def guesses_fed_while_reading(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    unread = indices[0]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[unread]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        unread = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else unread)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The last character of the prefix is fed twice: at the end of the prefix, and once more.",
    zh="前缀的最后一个字符输入了两次：读前缀时一次，开始预测时又一次。",
    hint_en="Keep the output of the last prefix character: it is the first guess already.",
    hint_zh="留住前缀最后一个字符的输出：它已经是第一个预测。",
)
def last_character_fed_twice(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[char] for char in prefix]
    reading = list(indices)
    for t in range(len(prefix) + num_chars):
        X = torch.tensor([[reading[t] if t < len(prefix) else indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        if t >= len(prefix):
            indices.append(int(outputs[-1].argmax()))
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The model never reads the first character of the prefix.",
    zh="前缀的第一个字符没有喂给模型。",
    hint_en="The first input is prefix[0], and its output stands at prefix[1].",
    hint_zh="第一个输入是 prefix[0]，它的输出对应 prefix[1]。",
)
def first_character_skipped(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[char] for char in prefix[:2]]
    for t in range(len(indices), len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="Each step reads the whole text again, but starts from the state that has read it already.",
    zh="每一步都从头再读一遍全文，而所用的状态却已经读过。",
    hint_en="Carry the state and feed one new character, or start afresh and feed all; not both.",
    hint_zh="要么沿用状态、只输入新的字符，要么从头再来、输入全文，不能两者兼有。",
)
def whole_text_read_again(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, num_hiddens, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([indices], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)


@wrong(
    "training.predict_rnn",
    en="The first state has vocab_size columns; it should have num_hiddens.",
    zh="初始状态有 vocab_size 列，应为 num_hiddens 列。",
    hint_en="Look up the order of init_rnn_state's arguments.",
    hint_zh="查一下 init_rnn_state 各参数的含义。",
)
def state_of_the_wrong_size(
    prefix, num_chars, rnn, params, init_rnn_state, num_hiddens, vocab_size, device,
    idx_to_char, char_to_idx
):
    state = init_rnn_state(1, vocab_size, device)
    indices = [char_to_idx[prefix[0]]]
    for t in range(1, len(prefix) + num_chars):
        X = torch.tensor([[indices[-1]]], device=device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        guess = int(outputs[-1].argmax())
        indices.append(char_to_idx[prefix[t]] if t < len(prefix) else guess)
    return "".join(idx_to_char[index] for index in indices)
