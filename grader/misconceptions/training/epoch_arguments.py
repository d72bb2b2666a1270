"""Mistakes in train_epoch: arguments taken for each other, and what is left over in the state."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot
from solutions.training import detach_state, grad_clipping, perplexity, sequence_loss, sgd


@wrong(
    "training.train_epoch",
    en="lr and clipping_theta are exchanged: the step uses θ, and the gradient is clipped to lr.",
    zh="lr 与 clipping_theta 用反了：更新用了 θ，裁剪用了 lr。",
    hint_en="Which of the two does the step multiply with?",
    hint_zh="更新时乘的是哪一个？",
)
def rate_and_threshold_exchanged(
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
        grad_clipping(params, lr, device)
        sgd(params, clipping_theta)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="is_random_iter is read the wrong way round: random batches carry the state on.",
    zh="is_random_iter 的含义弄反了：随机采样时反而沿用了状态。",
    hint_en="After random sampling, has the next batch anything to do with this one?",
    hint_zh="随机采样时，下一个批量与这一个有关系吗？",
)
def modes_reversed(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or not is_random_iter:
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
    en="The loss is weighted with the number of sequences, n, not with the number of labels, n T.",
    zh="损失按序列数 n 加权了，应按标签数 n T 加权。",
    hint_en="How many predictions does a batch hold?",
    hint_zh="一个批量里有多少个预测？",
)
def labels_counted_by_rows(
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
        total += loss.item() * Y.shape[0]
        labels += Y.shape[0]
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The step is multiplied with the number of labels, although the loss is a mean already.",
    zh="更新时又乘上了标签数，而损失已经是平均值了。",
    hint_en="The loss is a mean. By what is there anything left to multiply?",
    hint_zh="损失已经是平均值，还需要乘什么吗？",
)
def step_of_the_sum(
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
        sgd(params, lr * Y.numel())
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)
