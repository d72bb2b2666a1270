"""Computes in float64 and returns the dtype that came in."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from exercises.sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    logits = _stacked(outputs).reshape(-1, _stacked(outputs).shape[-1])
    logp = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return -logp.gather(1, Y.T.reshape(-1, 1).long()).mean()


def _stacked(outputs):
    return outputs if isinstance(outputs, torch.Tensor) else torch.stack(tuple(outputs))


def perplexity(mean_loss):
    return float(np.exp(float(mean_loss)))


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    if grads:
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
        factor = torch.clamp(theta / norm, max=1.0)
        for g in grads:
            g.mul_(factor)


@torch.no_grad()
def sgd(params, lr, batch_size=1):
    for p in params:
        p.add_(p.grad, alpha=-lr / batch_size)


def detach_state(state):
    return tuple(map(torch.Tensor.detach, state))


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
    state = init_rnn_state(batch_size=1, num_hiddens=num_hiddens, device=device)
    X = torch.tensor([[char_to_idx[c] for c in prefix]], device=device)
    out = list(prefix)
    while len(out) < len(prefix) + num_chars:
        Y, state = rnn(to_onehot(X, vocab_size), state, params)
        best = torch.cat(list(Y))[-1].max(dim=0).indices
        out.append(idx_to_char[best])
        X = best.reshape(1, 1)
    return "".join(out)


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
