"""Mistakes in train_epoch: its batches and its state."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

import torch

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot
from solutions.training import detach_state, grad_clipping, perplexity, sequence_loss, sgd


@wrong(
    "training.train_epoch",
    en="The state starts at zero in every batch, although consecutive batches belong together.",
    zh="每个批量都从零状态开始，而连续采样的批量本是前后相接的。",
    hint_en="What is the difference between the two kinds of sampling for the state?",
    hint_zh="对隐藏状态来说，两种采样有什么不同？",
)
def state_reset_each_batch(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    total, labels = 0.0, 0
    for X, Y in data_iter:
        state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="With random sampling the state of the last batch is kept, though it read another passage.",
    zh="随机采样时沿用了上一批量的状态，可它读的是另一段文字。",
    hint_en="Where in the text does the next random window lie?",
    hint_zh="下一个随机窗口在原文的什么位置？",
)
def state_kept_in_random_mode(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The state still hangs on the graph of the batches before: it is not detached, or what "
    "detach() returns is not kept.",
    zh="状态仍然连着之前批量的计算图：没有 detach，或者没有用上 detach() 返回的新张量。",
    hint_en="s.detach() leaves s as it is: keep what it returns. retain_graph=True only hides it.",
    hint_zh="s.detach() 不会改变 s：要用它返回的张量。retain_graph=True 只是掩盖了错误。",
    also={
        "_graph_retained": {"loss.backward()": "loss.backward(retain_graph=True)"},
        "_graph_retained_in_data": {
            "loss.backward()": "loss.backward(retain_graph=True)",
            "sgd(params, lr)": "for param in params:\n    param.data -= lr * param.grad",
        },
    },
)
def state_not_detached(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="Only the first matrix of the state is detached: enough for a GRU, not for an LSTM.",
    zh="只切断了状态的第一个矩阵：对 GRU 够了，对 LSTM 不够。",
    hint_en="You have written a function that detaches all of them.",
    hint_zh="你已经写过一个把它们全部切断的函数。",
)
def only_first_matrix_detached(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = (state[0].detach(), *state[1:])
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The epoch ends after its first batch: return stands inside the loop.",
    zh="一个周期只训练了第一个批量：return 写在了循环里面。",
    hint_en="How far is the last line indented?",
    hint_zh="最后一行缩进了几层？",
)
def stops_after_the_first_batch(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
        return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The first batch is taken from the iterator and never trained on.",
    zh="第一个批量从迭代器中取出后没有用来训练。",
    hint_en="next(...) uses up a batch. Did you need it?",
    hint_zh="next(...) 会消耗一个批量。真的需要它吗？",
)
def first_batch_skipped(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    data_iter = iter(data_iter)
    next(data_iter)
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The model learns to repeat its input: X is used as the label instead of Y.",
    zh="把 X 当作了标签，模型学的是重复输入，而不是预测 Y。",
    hint_en="A perplexity below what the text allows is a sign. Is X or Y one step later?",
    hint_zh="困惑度低得不合常理就是征兆。X 与 Y 哪一个晚一步？",
)
def inputs_as_labels(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, X)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The labels are shifted once more, although Y is one position later already.",
    zh="Y 本来就晚一位，你又把标签移了一位。",
    hint_en="Which character should the output at time t predict: Y[:, t] or Y[:, t + 1]?",
    hint_zh="时间步 t 的输出应当预测 Y[:, t] 还是 Y[:, t + 1]？",
)
def labels_shifted_again(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, torch.roll(Y, -1, dims=1))
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)
