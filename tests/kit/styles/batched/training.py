"""bmm, baddbmm and tensordot."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    outputs = (
        outputs
        if torch.is_tensor(outputs) and outputs.dim() == 2
        else torch.cat(list(outputs), dim=0)
    )
    y = torch.transpose(Y, 0, 1).contiguous().view(-1)
    return nn.CrossEntropyLoss()(outputs, y.long())


def perplexity(mean_loss):
    return torch.exp(torch.as_tensor(mean_loss)).item()


def grad_clipping(params, theta, device=None):
    params = list(params)
    norm = torch.tensor([0.0], device=device, dtype=torch.float64)
    for param in params:
        if param.grad is not None:
            norm += (param.grad.data**2).sum()
    norm = norm.sqrt().item()
    if norm > theta:
        for param in params:
            if param.grad is not None:
                param.grad.data *= theta / norm


@torch.no_grad()
def sgd(params, lr, batch_size=1):
    for p in params:
        p.add_(p.grad, alpha=-lr / batch_size)


def detach_state(state):
    with torch.no_grad():
        return tuple(matrix.clone() for matrix in state)


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
    params = list(params)
    optimizer = torch.optim.SGD(params, lr=lr)
    state, losses, sizes = None, [], []
    for X, Y in data_iter:
        state = (
            init_rnn_state(len(X), num_hiddens, device)
            if is_random_iter or state is None
            else detach_state(state)
        )
        optimizer.zero_grad()
        outputs, state = rnn(to_onehot(X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        loss.backward()
        grad_clipping(iter(params), clipping_theta)
        optimizer.step()
        losses.append(loss.item())
        sizes.append(Y.numel())
    return perplexity(float(np.average(losses, weights=sizes)))


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
    if is_random_iter:
        data_iter_fn = data_iter_random
    else:
        data_iter_fn = data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(num_epochs):
        data_iter = data_iter_fn(corpus_indices, batch_size, num_steps, device)
        ppl = train_epoch(
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
        )
        perplexities.append(ppl)
        if (epoch + 1) % pred_period == 0:
            print("epoch %d, perplexity %f" % (epoch + 1, ppl))
            for prefix in prefixes:
                print(
                    " -",
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
