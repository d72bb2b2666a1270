"""The standard library does what it can: math.fsum, math.hypot, statistics, contextlib."""

import contextlib
import math
import statistics
from operator import attrgetter

import torch

from exercises.sequence_data import data_iter_consecutive, data_iter_random, one_hot


def _steps(outputs, Y):
    if isinstance(outputs, torch.Tensor):
        return outputs.reshape(Y.shape[1], Y.shape[0], -1).unbind(0)
    return outputs


def sequence_loss(outputs, Y):
    per_step = [
        torch.nn.functional.cross_entropy(step, Y[:, t].long())
        for t, step in enumerate(_steps(outputs, Y))
    ]
    return sum(per_step) / len(per_step)  # steps are equally long: a mean of means


def perplexity(mean_loss):
    return math.exp(mean_loss)


def grad_clipping(params, theta, device=None):
    grads = [g for g in map(attrgetter("grad"), params) if g is not None]
    norm = math.hypot(*(torch.linalg.vector_norm(g).item() for g in grads))
    with contextlib.suppress(ZeroDivisionError):
        factor = min(1.0, theta / norm)
        for g in grads:
            g.mul_(factor)


def sgd(params, lr, batch_size=1):
    with torch.autograd.set_grad_enabled(False):
        for p in params:
            if p.grad is not None:
                p += -(lr / batch_size) * p.grad


def detach_state(state):
    return tuple(map(lambda s: s.detach(), state))


def _read(X, rnn, state, params, vocab_size):
    like = next(iter(params))
    inputs = (one_hot(x, vocab_size, like.dtype) for x in X.to(like.device).t())
    return rnn(list(inputs), state, params)


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
    text = list(prefix)
    read = 0
    while len(text) < len(prefix) + num_chars:
        X = torch.tensor([[char_to_idx[char] for char in text[read:]]])
        read = len(text)
        outputs, state = _read(X, rnn, state, params, vocab_size)
        state = detach_state(state)
        scores = outputs[-1].reshape(-1).tolist()
        text.append(idx_to_char[max(range(vocab_size), key=scores.__getitem__)])
    return "".join(text)


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
    losses, weights, state = [], [], None
    for X, Y in data_iter:
        if is_random_iter or state is None:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = _read(X, rnn, detach_state(state), params, vocab_size)
        loss = sequence_loss(outputs, Y)
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        losses.append(float(loss))
        weights.append(Y.numel())
    total = math.fsum(loss * weight for loss, weight in zip(losses, weights))
    return perplexity(total / math.fsum(weights))


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
    perplexities = []
    for epoch in range(num_epochs):
        if is_random_iter:
            data = list(data_iter_random(corpus_indices, batch_size, num_steps, device))
        else:
            data = list(data_iter_consecutive(corpus_indices, batch_size, num_steps, device))
        perplexities.append(
            train_epoch(
                rnn,
                params,
                init_rnn_state,
                num_hiddens,
                vocab_size,
                device,
                data,
                lr,
                clipping_theta,
                is_random_iter,
            )
        )
        if (epoch + 1) % pred_period == 0:
            recent = statistics.fmean(perplexities[-pred_period:])
            print(
                "perplexity %.3f (mean of the last %d: %.3f)"
                % (perplexities[-1], pred_period, recent)
            )
            for prefix in prefixes:
                print(
                    "...",
                    predict_rnn(
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
                    ),
                )
    return params, perplexities
