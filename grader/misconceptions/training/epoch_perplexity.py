"""Mistakes in train_epoch: the perplexity that it returns."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot
from solutions.training import detach_state, grad_clipping, perplexity, sequence_loss, sgd


@wrong(
    "training.train_epoch",
    en="The batches' perplexities are averaged; the losses should be, with exp at the end.",
    zh="对各批量的困惑度取了平均，应当先平均损失，最后再取 exp。",
    hint_en="The mean of exp is larger than exp of the mean.",
    hint_zh="先取 exp 再平均，比先平均再取 exp 更大。",
)
def mean_of_perplexities(
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
        total += perplexity(loss.item()) * Y.numel()
        labels += Y.numel()
    return total / labels


@wrong(
    "training.train_epoch",
    en="All batches weigh alike in the mean loss, although some hold more labels than others.",
    zh="求平均损失时各批量的权重相同，而它们的标签数并不一样。",
    hint_en="Each label counts once. How many labels has a batch?",
    hint_zh="每个标签算一次。一个批量有多少个标签？",
)
def batches_weigh_alike(
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
        total += loss.item()
        labels += 1
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The perplexity is that of the last batch alone.",
    zh="困惑度只是最后一个批量的。",
    hint_en="Which numbers must be summed up during the epoch?",
    hint_zh="在一个周期中要累加哪些数？",
)
def last_batch_only(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state = None
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
    return perplexity(loss.item())


@wrong(
    "training.train_epoch",
    en="exp is taken of the sum of the losses, so the perplexity grows with every batch.",
    zh="对损失之和取了 exp，困惑度随批量的个数增大。",
    hint_en="By what must the sum be divided before exp?",
    hint_zh="取 exp 之前，总和应除以什么？",
)
def losses_not_averaged(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    state, total = None, 0.0
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
        total += loss.item()
    return perplexity(total)


@wrong(
    "training.train_epoch",
    en="The mean loss comes back; the perplexity is its exponential.",
    zh="返回的是平均损失，困惑度是它的指数。",
    hint_en="You have written a function for the last step.",
    hint_zh="最后一步你已经写过一个函数。",
)
def mean_loss_returned(
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
    return total / labels


@wrong(
    "training.train_epoch",
    en="The losses are added up as tensors, so every batch's graph stays in memory.",
    zh="损失以张量的形式累加，于是每个批量的计算图都留在内存里。",
    hint_en="What does a loss hold besides its number? What does .item() keep?",
    hint_zh="损失除了数值还连着什么？.item() 留下的又是什么？",
)
def graphs_kept(
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
        total = total + loss * Y.numel()
        labels += Y.numel()
    return perplexity(float(total) / labels)
