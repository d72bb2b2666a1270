"""einsum for every product."""

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
    torch.optim.SGD(list(params), lr=lr / batch_size).step()


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
    state = init_rnn_state(1, num_hiddens, device)
    output = [char_to_idx[prefix[0]]]
    for t in range(num_chars + len(prefix) - 1):
        X = to_onehot(torch.tensor([[output[-1]]], device=device), vocab_size)
        (Y, state) = rnn(X, state, params)
        if t < len(prefix) - 1:
            output.append(char_to_idx[prefix[t + 1]])
        else:
            output.append(int(Y[0].argmax(dim=-1)))
    return "".join([idx_to_char[i] for i in output])


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
