"""Everything with the methods of tensors."""

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


def sgd(params, lr, batch_size=1):
    for param in params:
        param.data -= lr * param.grad / batch_size


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
