"""Loops over labels, parameters and characters in plain Python: slow, but it does what it says."""

import math

import torch

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    n, T = Y.shape
    joined = isinstance(outputs, torch.Tensor) and outputs.dim() == 2
    total = 0
    for t in range(T):
        for i in range(n):
            if joined:
                row = outputs[t * n + i]
            else:
                row = outputs[t][i]
            total = total - torch.log_softmax(row, dim=0)[Y[i, t].long()]
    return total / (n * T)


def perplexity(mean_loss):
    return math.e ** float(mean_loss)


def grad_clipping(params, theta, device=None):
    grads = []
    for param in params:
        if param.grad is not None:
            grads.append(param.grad)
    total = 0.0
    for grad in grads:
        for number in grad.flatten().tolist():
            total += number * number
    norm = math.sqrt(total)
    if norm <= theta:
        return
    for grad in grads:
        grad *= theta / norm


def sgd(params, lr, batch_size=1):
    for param in params:
        if param.grad is None:
            continue
        with torch.no_grad():
            param -= lr * param.grad / batch_size


def detach_state(state):
    result = []
    for matrix in state:
        result.append(matrix.detach())
    return tuple(result)


def inputs_like(param, X, vocab_size):
    inputs = []
    for x in to_onehot(X.to(param.device), vocab_size):
        inputs.append(x.to(param.dtype))
    return inputs


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
    text = ""
    next_char = None
    while len(text) < len(prefix) + num_chars:
        if len(text) < len(prefix):
            char = prefix[len(text)]
        else:
            char = next_char
        text = text + char
        X = torch.tensor([[char_to_idx[char]]])
        outputs, state = rnn(inputs_like(params[0], X, vocab_size), state, params)
        scores = outputs[0].flatten().tolist()
        best = 0
        for k in range(vocab_size):
            if scores[k] > scores[best]:
                best = k
        next_char = idx_to_char[best]
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
    first = True
    nats = 0.0
    labels = 0
    for X, Y in data_iter:
        if first or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
            first = False
        else:
            state = detach_state(state)
        outputs, state = rnn(inputs_like(params[0], X, vocab_size), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            if param.grad is not None:
                param.grad.zero_()
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        nats = nats + loss.item() * X.shape[0] * X.shape[1]
        labels = labels + X.shape[0] * X.shape[1]
    return perplexity(nats / labels)


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
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    perplexities = []
    epoch = 0
    while epoch < num_epochs:
        if is_random_iter:
            data_iter = data_iter_random(corpus_indices, batch_size, num_steps, device)
        else:
            data_iter = data_iter_consecutive(corpus_indices, batch_size, num_steps, device)
        value = train_epoch(
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
        perplexities.append(value)
        epoch += 1
        if epoch % pred_period == 0:
            print("Epoch", epoch, "- perplexity:", value)
            for prefix in prefixes:
                print(
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
                    )
                )
    return params, perplexities
