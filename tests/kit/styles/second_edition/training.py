"""The book's second edition: an Accumulator, an updater, warm-up and prediction in two loops."""

import math

import torch
from torch import nn

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


class Accumulator:
    """Sums over n variables."""

    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def __getitem__(self, idx):
        return self.data[idx]


def sequence_loss(outputs, Y):
    y_hat = outputs if isinstance(outputs, torch.Tensor) else torch.cat(tuple(outputs), dim=0)
    y = Y.T.reshape(-1)
    return nn.CrossEntropyLoss()(y_hat.reshape(len(y), -1), y.long()).mean()


def perplexity(mean_loss):
    return math.exp(mean_loss)


def grad_clipping(params, theta, device=None):
    params = [p for p in params if p.requires_grad and p.grad is not None]
    norm = torch.sqrt(sum(torch.sum((p.grad**2)) for p in params)) if params else 0
    if norm > theta:
        for param in params:
            param.grad[...] *= theta / norm


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            if param.grad is None:
                continue
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def detach_state(state):
    return tuple(s.detach() for s in state)


def predict_rnn(
    prefix,
    num_chars,
    rnn,
    params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    idx_to_char,
    char_to_idx,
):
    state = init_rnn_state(1, num_hiddens, device)
    outputs = [char_to_idx[prefix[0]]]

    def get_input():
        one = to_onehot(torch.tensor([outputs[-1]], device=device).reshape((1, 1)), vocab_size)
        return one.type(params[0].dtype)

    for y in prefix[1:]:  # warm-up
        _, state = rnn(get_input(), state, params)
        outputs.append(char_to_idx[y])
    for _ in range(num_chars):  # prediction
        y, state = rnn(get_input(), state, params)
        y = y[-1].reshape(1, -1)
        outputs.append(int(y.argmax(dim=1).reshape(1)))
    return "".join([idx_to_char[i] for i in outputs])


def train_epoch(
    rnn,
    params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    data_iter,
    lr,
    clipping_theta,
    is_random_iter,
):
    state = None
    metric = Accumulator(2)  # sum of losses, number of tokens
    updater = lambda batch_size: sgd(params, lr, batch_size)
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(batch_size=X.shape[0], num_hiddens=num_hiddens, device=device)
        else:
            state = detach_state(state)
        X, Y = X.to(device), Y.to(device)
        y_hat, state = rnn(to_onehot(X, vocab_size).type(params[0].dtype), state, params)
        l = sequence_loss(y_hat, Y)
        for p in params:
            if p.grad is not None:
                p.grad.zero_()
        l.backward()
        grad_clipping(params, clipping_theta)
        updater(batch_size=1)  # the mean has been taken
        metric.add(l.detach() * Y.numel(), Y.numel())
    return math.exp(metric[0] / metric[1])


def train_and_predict_rnn(
    rnn,
    get_params,
    init_rnn_state,
    num_hiddens,
    vocab_size,
    device,
    corpus_indices,
    idx_to_char,
    char_to_idx,
    is_random_iter,
    num_epochs,
    num_steps,
    lr,
    clipping_theta,
    batch_size,
    pred_period,
    pred_len,
    prefixes,
):
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    predict = lambda prefix: predict_rnn(
        prefix,
        pred_len,
        rnn,
        params,
        init_rnn_state,
        num_hiddens,
        vocab_size,
        device,
        idx_to_char,
        char_to_idx,
    )
    iter_fn = data_iter_random if is_random_iter else data_iter_consecutive
    history = []
    for epoch in range(num_epochs):
        train_iter = iter_fn(corpus_indices, batch_size, num_steps, device)
        ppl = train_epoch(
            rnn,
            params,
            init_rnn_state,
            num_hiddens,
            vocab_size,
            device,
            train_iter,
            lr,
            clipping_theta,
            is_random_iter,
        )
        history.append(ppl)
        if (epoch + 1) % pred_period == 0:
            print(f"perplexity {ppl:.1f}")
            for prefix in prefixes:
                print(predict(prefix))
    return params, history
