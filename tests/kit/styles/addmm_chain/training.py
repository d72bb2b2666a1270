"""torch.addmm, with the bias as the first addend."""

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


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


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
