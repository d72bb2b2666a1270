"""Prints at import and in every call: each batch, each guess, a table at the end."""

import math

import torch
import torch.nn.functional as F

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot

print("training.py loaded; cuda:", torch.cuda.is_available())


def sequence_loss(outputs, Y):
    if not torch.is_tensor(outputs):
        outputs = torch.cat([y for y in outputs], dim=0)
    outputs = outputs.reshape(Y.numel(), -1)
    loss = F.cross_entropy(outputs, Y.T.reshape(-1).long())
    print("loss:", loss)
    return loss


def perplexity(mean_loss):
    print("mean loss", float(mean_loss), "nats")
    return math.exp(float(mean_loss))


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(g.pow(2).sum().item() for g in grads))
    print("norm", norm, "clipped" if norm > theta else "short enough")
    if norm > theta:
        for g in grads:
            g.mul_(theta / norm)


def sgd(params, lr, batch_size=1):
    for number, p in enumerate(params):
        if p.grad is None:
            print("parameter", number, "has no gradient")
        else:
            p.data -= lr * p.grad / batch_size


def detach_state(state):
    print("cutting", len(state), "matrices")
    return tuple(s.detach() for s in state)


def inputs_of(X, vocab_size, params):
    return [x.to(params[0]) for x in to_onehot(X, vocab_size)]


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
    text = prefix
    unread = prefix
    for _ in range(num_chars):
        X = torch.tensor([[char_to_idx[c] for c in unread]], device=device)
        outputs, state = rnn(inputs_of(X, vocab_size, params), state, params)
        unread = idx_to_char[int(outputs[-1].argmax())]
        print("read so far:", text, "next:", unread)
        text = text + unread
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
    state, total, labels = None, 0.0, 0
    for k, (X, Y) in enumerate(data_iter):
        print("batch", k, tuple(X.shape), X.dtype)
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(inputs_of(X, vocab_size, params), state, params)
        loss = sequence_loss(outputs, Y.to(device))
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        total += loss.item() * Y.numel()
        labels += Y.numel()
        print("running perplexity", math.exp(total / labels))
    return perplexity(total / labels)


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
    print("training for", num_epochs, "epochs, lr", lr, "theta", clipping_theta)
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    history = []
    for epoch in range(1, num_epochs + 1):
        make = data_iter_random if is_random_iter else data_iter_consecutive
        data = make(corpus_indices, batch_size, num_steps, device)
        history.append(
            train_epoch(
                rnn,
                params,
                init_rnn_state,
                num_hiddens,
                vocab_size,
                device,
                data,
                lr,
                clipping_theta,
                is_random_iter,
            )
        )
        print("-" * 40)
        if epoch % pred_period == 0:
            print("epoch", epoch, "perplexity", history[-1])
            for prefix in prefixes:
                print(
                    "    ",
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
    print("all perplexities:", ", ".join(f"{p:.3f}" for p in history))
    return params, history
