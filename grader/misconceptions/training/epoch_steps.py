"""Mistakes in train_epoch: its gradients and its steps."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

from grader.misconceptions import wrong
from solutions.sequence_data import to_onehot
from solutions.training import detach_state, grad_clipping, perplexity, sequence_loss, sgd


@wrong(
    "training.train_epoch",
    en="The gradients of earlier batches are never cleared, so they add up.",
    zh="以前批量的梯度没有清除，越积越多。",
    hint_en="backward() adds to p.grad. What must happen between two batches?",
    hint_zh="backward() 会把梯度累加到 p.grad 上。两个批量之间要做什么？",
)
def gradients_never_cleared(
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
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The step uses the gradients as they are: they are clipped after it, or not at all.",
    zh="更新用的是未经裁剪的梯度：裁剪在更新之后，或者根本没有裁剪。",
    hint_en="Clipping belongs between backward and the step, and changes .grad itself.",
    hint_zh="裁剪应放在 backward 与更新之间，而且要改变 .grad 本身。",
)
def not_clipped(
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
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The step uses the gradients as they are: they are clipped after it, or not at all.",
    zh="更新用的是未经裁剪的梯度：裁剪在更新之后，或者根本没有裁剪。",
    hint_en="Clipping belongs between backward and the step, and changes .grad itself.",
    hint_zh="裁剪应放在 backward 与更新之间，而且要改变 .grad 本身。",
)
def clipped_after_the_step(
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
        sgd(params, lr)
        grad_clipping(params, clipping_theta, device)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The threshold is always 1: clipping_theta is not used.",
    zh="裁剪的阈值总是 1，没有用到 clipping_theta。",
    hint_en="Where does the argument clipping_theta enter?",
    hint_zh="参数 clipping_theta 用在哪里了？",
)
def clipped_at_one(
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
        grad_clipping(params, 1.0, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="After the epoch the parameters are what they were: no step reaches them, or the gradients "
    "are zero by then.",
    zh="一个周期之后，参数还和原来一样：更新没有作用到它们，或者更新时梯度已经是零。",
    hint_en="backward, clip, step: in which order, and does the step change the parameters given?",
    hint_zh="反向传播、裁剪、更新：次序对吗？更新改变的是传入的参数本身吗？",
)
def cleared_after_backward(
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
        loss.backward()
        for param in params:
            param.grad.zero_()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="backward starts from the sum over all labels instead of the mean: gradients are too large.",
    zh="backward 从所有标签的损失之和出发，而不是平均值，梯度过大。",
    hint_en="sequence_loss is the mean already; weights by size are for the perplexity only.",
    hint_zh="sequence_loss 已经是平均值，乘以标签数只是为了算困惑度。",
)
def trained_on_the_sum(
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
        (loss * Y.numel()).backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The step is divided by the batch size, although the loss is a mean already.",
    zh="损失已经是平均值，更新时又除以了批量大小。",
    hint_en="Which batch_size does sgd need if the loss is a mean?",
    hint_zh="损失是平均值时，sgd 的 batch_size 应取多少？",
)
def divided_by_batch_size(
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
        sgd(params, lr, X.shape[0])
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="Each step makes new parameters in a local list; the caller's stay untrained.",
    zh="每一步都在局部列表中新建参数，调用者手里的参数没有得到训练。",
    hint_en="Which of your functions changes parameters in place?",
    hint_zh="你写的哪个函数会原地修改参数？",
)
def parameters_replaced(
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
        params = [(p - lr * p.grad).detach().requires_grad_() for p in params]
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="After the epoch the parameters are what they were: no step reaches them, or the gradients "
    "are zero by then.",
    zh="一个周期之后，参数还和原来一样：更新没有作用到它们，或者更新时梯度已经是零。",
    hint_en="backward, clip, step: in which order, and does the step change the parameters given?",
    hint_zh="反向传播、裁剪、更新：次序对吗？更新改变的是传入的参数本身吗？",
)
def no_step_at_all(
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
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The parameters go up the gradient, so the loss grows.",
    zh="参数沿梯度上升，损失越来越大。",
    hint_en="sgd subtracts already. Is there a minus sign too many?",
    hint_zh="sgd 里面已经是减。是不是多了一个负号？",
)
def ascends_the_gradient(
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
        sgd(params, -lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
    return perplexity(total / labels)


@wrong(
    "training.train_epoch",
    en="The gradients of all batches are added up for a single step at the end of the epoch.",
    zh="把所有批量的梯度加在一起，到周期结束才更新一次。",
    hint_en="Each mini-batch makes a step of its own. How far are the lines indented?",
    hint_zh="每个小批量都要更新一次。那几行缩进了几层？",
)
def one_step_per_epoch(
    rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr, clipping_theta,
    is_random_iter
):
    for param in params:
        param.grad = None
    state, total, labels = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        loss.backward()
        total += loss.item() * Y.numel()
        labels += Y.numel()
    grad_clipping(params, clipping_theta, device)
    sgd(params, lr)
    return perplexity(total / labels)
