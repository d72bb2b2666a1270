"""Input and state side by side, one product with the stacked weights."""

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
    grads = [p.grad for p in params if p.grad is not None]
    if grads:
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
        factor = torch.clamp(theta / norm, max=1.0)
        for g in grads:
            g.mul_(factor)


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


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
