"""torch.autograd.grad in place of backward: gradients are values that are assigned; no imports."""

import math
import random

import torch


def sequence_loss(outputs, Y):
    steps = outputs
    if isinstance(outputs, torch.Tensor) and outputs.dim() == 2:
        steps = outputs.split(Y.shape[0])
    losses = []
    for t, step in enumerate(steps):
        own = step[torch.arange(len(step), device=step.device), Y[:, t].long()]
        losses.append(step.logsumexp(dim=1) - own)
    return torch.cat(losses).mean()


def perplexity(mean_loss):
    return math.exp(float(mean_loss))


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(torch.dot(g.flatten(), g.flatten()).item() for g in grads))
    if norm > theta:
        for g in grads:
            g.data *= theta / norm


def sgd(params, lr, batch_size=1):
    for p in params:
        if p.grad is not None:
            p.data = p.data.add_(p.grad * (-lr / batch_size))


def detach_state(state):
    with torch.no_grad():
        return tuple(s.clone() for s in state)


def _inputs(X, vocab_size, like):
    numbers = torch.arange(vocab_size, device=like.device)
    return [(x[:, None] == numbers).to(like.dtype) for x in X.to(like.device).T]


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
    like = list(params)[0]

    def go_on(text, unread, state, left):  # one character a level
        if left == 0:
            return text
        X = torch.tensor([[char_to_idx[c] for c in unread]])
        outputs, state = rnn(_inputs(X, vocab_size, like), state, params)
        char = idx_to_char[outputs[-1].argmax().item()]
        return go_on(text + char, char, detach_state(state), left - 1)

    return go_on(prefix, prefix, init_rnn_state(1, num_hiddens, device), num_chars)


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
    leaves = list(params)
    state, nats, labels = (), 0.0, 0
    for X, Y in data_iter:
        if is_random_iter or not state:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(_inputs(X, vocab_size, leaves[0]), state, params)
        loss = sequence_loss(outputs, Y.to(leaves[0].device))
        state = detach_state(state)
        grads = torch.autograd.grad(loss, leaves, allow_unused=True)
        for p, grad in zip(leaves, grads):
            p.grad = grad
        grad_clipping(leaves, clipping_theta)
        sgd(leaves, lr)
        nats += loss.item() * Y.numel()
        labels += Y.numel()
    for p in leaves:
        p.grad = None
    return perplexity(nats / labels)


def _epoch_of(corpus, n, T, is_random, device):
    corpus = torch.as_tensor(corpus, device=device)
    if is_random:
        starts = [k * T for k in range((len(corpus) - 1) // T)]
        random.shuffle(starts)
        groups = [starts[k : k + n] for k in range(0, len(starts) - n + 1, n)]
    else:
        length = len(corpus) // n
        groups = [[row * length + k for row in range(n)] for k in range(0, length - T, T)]
    for group in groups:
        both = torch.stack([corpus[s : s + T + 1] for s in group])
        yield both[:, :-1], both[:, 1:]


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
    while len(perplexities) < num_epochs:
        data = _epoch_of(corpus_indices, batch_size, num_steps, is_random_iter, device)
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
        if len(perplexities) % pred_period == 0:
            print("%d  %g" % (len(perplexities), perplexities[-1]))
            for prefix in prefixes:
                print(
                    "   ",
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
