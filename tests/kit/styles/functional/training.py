"""Functional: the epoch is a fold over batches, prediction is a generator that is sliced."""

from functools import partial, reduce
from itertools import chain, islice
from math import exp, hypot

import torch

from exercises.sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    logits = outputs if isinstance(outputs, torch.Tensor) else torch.cat([*outputs])
    logits = logits.reshape(Y.numel(), -1)
    right = logits.gather(1, Y.long().T.reshape(-1, 1)).squeeze(1)
    return (torch.logsumexp(logits, dim=1) - right).mean()


def perplexity(mean_loss):
    return exp(float(mean_loss))


def grad_clipping(params, theta, device=None):
    grads = [*filter(lambda g: g is not None, map(lambda p: p.grad, params))]
    norm = hypot(*map(lambda g: g.norm().item(), grads))
    scale = theta / norm if norm > theta else 1
    [g.mul_(scale) for g in grads]


@torch.no_grad()
def sgd(params, lr, batch_size=1):
    [p.sub_(lr / batch_size * p.grad) for p in params if p.grad is not None]


def detach_state(state):
    return (*(s.detach() for s in state),)


def encoder(params, vocab_size):
    like = next(iter(params))
    return lambda X: [x.to(like) for x in to_onehot(X.to(like.device), vocab_size)]


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
    encode = encoder(params, vocab_size)

    def guesses(unread, state):
        outputs, state = rnn(encode(torch.tensor([unread])), state, params)
        best = outputs[-1].argmax().item()
        yield best
        yield from guesses([best], state)

    start = [*map(char_to_idx.get, prefix)]
    new = islice(guesses(start, init_rnn_state(1, num_hiddens, device)), num_chars)
    return "".join(map(idx_to_char.__getitem__, chain(start, new)))


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
    encode = encoder(params, vocab_size)

    def forget(p):
        p.grad = None

    def step(so_far, batch):
        (state, nats, labels), (X, Y) = so_far, batch
        if is_random_iter or state is None:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(encode(X), detach_state(state), params)
        loss = sequence_loss(outputs, Y.to(outputs[0].device))
        [*map(forget, params)]
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        return state, nats + loss.item() * Y.numel(), labels + Y.numel()

    _, nats, labels = reduce(step, data_iter, (None, 0.0, 0))
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
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = rnn, params, init_rnn_state, num_hiddens, vocab_size, device
    sample = data_iter_random if is_random_iter else data_iter_consecutive
    data = partial(sample, corpus_indices, batch_size, num_steps, device)
    write = lambda prefix: predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx)

    def report(epoch, value):
        print(f"{epoch}: {value:.2f}", *map(write, prefixes), sep="\n  ")
        return value

    def one(epoch):
        value = train_epoch(*model, data(), lr, clipping_theta, is_random_iter)
        return value if epoch % pred_period else report(epoch, value)

    return params, [*map(one, range(1, num_epochs + 1))]
