"""Tuples everywhere; an epoch's result in a namedtuple, its own tiny to_onehot."""

from collections import namedtuple
from math import exp

import torch
import torch.nn.functional as F

from .sequence_data import data_iter_consecutive, data_iter_random

Tally = namedtuple("Tally", ["nats", "labels"])


def sequence_loss(outputs, Y):
    if not torch.is_tensor(outputs):
        outputs = torch.stack(tuple(outputs))
    if outputs.dim() == 2:
        outputs = outputs.unflatten(0, (Y.shape[1], Y.shape[0]))
    # cross_entropy takes the classes second: (n, q, T) against (n, T)
    return F.cross_entropy(outputs.permute(1, 2, 0), Y.long())


def perplexity(mean_loss):
    return exp(mean_loss)


def grad_clipping(params, theta, device=None):
    grads = tuple(p.grad for p in params if p.grad is not None)
    norms = tuple(g.norm().item() for g in grads)
    norm = sum(x * x for x in norms) ** 0.5
    if norm > theta:
        for g in grads:
            g.multiply_(theta).divide_(norm)


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for p in (p for p in params if p.grad is not None):
            p.sub_(p.grad * lr / batch_size)


def detach_state(state):
    return tuple(s.detach() for s in state)


def _one_hot(X, size, like):
    return tuple(F.one_hot(x.long(), size).to(like) for x in X.unbind(1))


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
    like, state = tuple(params)[0], init_rnn_state(1, num_hiddens, device)
    unread, read = tuple(char_to_idx[c] for c in prefix), ()
    for _ in range(num_chars):
        outputs, state = rnn(_one_hot(torch.tensor((unread,)), vocab_size, like), state, params)
        last = outputs[-1].detach()
        read, unread = read + unread, (last.argmax().item(),)
    return "".join(idx_to_char[i] for i in read + unread)


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
    like, state, tallies = tuple(params)[0], None, ()
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(_one_hot(X, vocab_size, like), detach_state(state), params)
        loss = sequence_loss(outputs, Y.to(like.device))
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        tallies += (Tally(loss.item() * Y.numel(), Y.numel()),)
    nats, labels = map(sum, zip(*tallies))
    return perplexity(nats / labels)


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
    params = tuple(get_params(vocab_size, num_hiddens, vocab_size, device))
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = ()
    for epoch in range(1, num_epochs + 1):
        cut = (data_iter_consecutive, data_iter_random)[bool(is_random_iter)]
        data = cut(corpus_indices, batch_size, num_steps, device)
        perplexities += (train_epoch(*model, data, lr, clipping_theta, is_random_iter),)
        if epoch % pred_period == 0:
            print((epoch, round(perplexities[-1], 3)))
            for prefix in prefixes:
                print("  ", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities
