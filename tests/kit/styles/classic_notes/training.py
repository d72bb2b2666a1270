"""The notes' first edition: .data.mul_, CrossEntropyLoss, a timer, data from sequence_data.py."""

import math
import time

import torch
from torch import nn

from exercises.sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    loss = nn.CrossEntropyLoss()
    if not torch.is_tensor(outputs):
        outputs = torch.cat(list(outputs), dim=0)
    outputs = outputs.reshape(-1, outputs.shape[-1])
    y = torch.transpose(Y, 0, 1).contiguous().view(-1)
    return loss(outputs, y.long())


def perplexity(mean_loss):
    return math.exp(float(mean_loss))


def grad_clipping(params, theta, device=None):
    params = [param for param in params if param.grad is not None]
    if len(params) == 0:
        return
    norm = 0.0
    for param in params:
        norm += (param.grad.data**2).sum().item()
    norm = math.sqrt(norm)
    if norm > theta:
        for param in params:
            param.grad.data.mul_(theta / norm)


def sgd(params, lr, batch_size=1):
    for param in params:
        if param.grad is not None:
            param.data -= lr * param.grad.data / batch_size


def detach_state(state):
    return tuple([s.detach() for s in state])


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
        # the output of the step before is the input of this one
        X = to_onehot(torch.tensor([[output[-1]]], device=device), vocab_size)
        X = [x.to(params[0].dtype) for x in X]
        (Y, state) = rnn(X, state, params)
        if t < len(prefix) - 1:
            output.append(char_to_idx[prefix[t + 1]])
        else:
            output.append(int(Y[0].argmax().item()))
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
    l_sum, n = 0.0, 0
    state = None
    for X, Y in data_iter:
        if is_random_iter or state is None:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        inputs = to_onehot(X.to(device), vocab_size)
        inputs = [x.to(params[0].dtype) for x in inputs]
        (outputs, state) = rnn(inputs, state, params)
        l = sequence_loss(outputs, Y.to(device))
        for param in params:
            if param.grad is not None:
                param.grad.data.zero_()
        l.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr, 1)
        y = Y.reshape(-1)
        l_sum += l.item() * y.shape[0]
        n += y.shape[0]
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
        start = time.time()
        data_iter = data_iter_fn(corpus_indices, batch_size, num_steps, device)
        perplexities.append(
            train_epoch(
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
        )
        if (epoch + 1) % pred_period == 0:
            print(
                "epoch %d, perplexity %f, time %.2f sec"
                % (epoch + 1, perplexities[-1], time.time() - start)
            )
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
