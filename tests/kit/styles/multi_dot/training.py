"""torch.linalg and functional reduce."""

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
    nn.utils.clip_grad_norm_([p for p in params if p.grad is not None], theta)


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


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
    metric = torch.zeros(2, dtype=torch.float64)
    carried = None
    for X, Y in data_iter:
        X, Y = X.to(device), Y.to(device)
        start = init_rnn_state(X.size(0), num_hiddens, device) if carried is None else carried
        outputs, end = rnn(to_onehot(X, vocab_size), start, params)
        loss = sequence_loss(outputs, Y)
        for p, g in zip(params, torch.autograd.grad(loss, list(params))):
            p.grad = g
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        carried = None if is_random_iter else detach_state(end)
        metric += torch.tensor([float(loss) * Y.numel(), Y.numel()], dtype=torch.float64)
    return perplexity((metric[0] / metric[1]).item())


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
