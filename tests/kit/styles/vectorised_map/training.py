"""torch.func.vmap over the samples."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    if not isinstance(outputs, torch.Tensor):
        outputs = torch.stack([o for o in outputs], dim=0)
    T, n = Y.shape[1], Y.shape[0]
    logits = outputs.reshape(T, n, -1).permute(1, 2, 0)
    return F.cross_entropy(logits, Y.long(), reduction="sum") / (T * n)


def perplexity(mean_loss):
    return math.e ** float(mean_loss)


def grad_clipping(params, theta, device=None):
    nn.utils.clip_grad_norm_([p for p in params if p.grad is not None], theta)


def sgd(params, lr, batch_size=1):
    for param in params:
        param.data -= lr * param.grad / batch_size


def detach_state(state):
    return tuple(s.detach() for s in state)


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
