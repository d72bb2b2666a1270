"""A loop over the samples, for want of a better idea."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from exercises.sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    if isinstance(outputs, torch.Tensor) and outputs.dim() == 2:
        outputs = outputs.chunk(Y.shape[1])
    losses = [F.nll_loss(F.log_softmax(o, -1), Y[:, t].long()) for t, o in enumerate(outputs)]
    return sum(losses) / len(losses)


def perplexity(mean_loss):
    return math.exp(mean_loss)


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if getattr(p, "grad", None) is not None]
    norm = math.sqrt(sum(float(g.pow(2).sum()) for g in grads))
    if norm > theta:
        torch._foreach_mul_(grads, theta / norm)


def sgd(params, lr, batch_size=1):
    for param in params:
        param.data -= lr * param.grad / batch_size


def detach_state(state):
    return [s.data for s in state]


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
    def step(index, state):
        x = F.one_hot(torch.tensor([[index]], device=device), vocab_size).float()
        return rnn(x, state, params)

    state, text = init_rnn_state(1, num_hiddens, device), prefix
    with torch.no_grad():
        for char in prefix:
            y, state = step(char_to_idx[char], state)
        for _ in range(num_chars):
            logits = y if isinstance(y, torch.Tensor) else y[-1]
            index = logits.reshape(-1, vocab_size)[-1].argmax().item()
            text += idx_to_char[index]
            y, state = step(index, state)
    return text


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
    if not is_random_iter:
        state = None
    l_sum, n = 0.0, 0
    for X, Y in data_iter:
        if is_random_iter or state is None:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            for s in state:
                s.detach_()
        inputs = to_onehot(X, vocab_size)
        (outputs, state) = rnn(inputs, state, params)
        l = sequence_loss(outputs, Y)
        if params[0].grad is not None:
            for param in params:
                param.grad.data.zero_()
        l.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr, 1)
        l_sum += l.item() * Y.numel()
        n += Y.numel()
    return perplexity(l_sum / n)


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
    iterate = {True: data_iter_random, False: data_iter_consecutive}[bool(is_random_iter)]
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    write = lambda prefix: predict_rnn(
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
    history = []
    for epoch in range(1, num_epochs + 1):
        batches = iterate(corpus_indices, batch_size, num_steps, device)
        history += [
            train_epoch(
                rnn,
                params,
                init_rnn_state,
                num_hiddens,
                vocab_size,
                device,
                batches,
                lr,
                clipping_theta,
                is_random_iter,
            )
        ]
        if not epoch % pred_period:
            print(f"{epoch}: {history[-1]:.4f}", *map(write, prefixes), sep="\n")
    return list(params), history
