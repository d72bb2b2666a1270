"""In-place operations: foreach updates, a state that is detached and refilled, a filled text."""

import math

import torch
import torch.nn.functional as F

from exercises.sequence_data import data_iter_consecutive, data_iter_random


def sequence_loss(outputs, Y):
    if not torch.is_tensor(outputs):
        outputs = torch.cat([*outputs])
    flat = outputs.reshape(Y.numel(), -1)
    total = F.cross_entropy(flat, Y.long().t().reshape(-1), reduction="sum")
    total /= Y.numel()
    return total


def perplexity(mean_loss):
    value = torch.zeros(1, dtype=torch.float64)
    value += float(mean_loss)
    return value.exp_().item()


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    if not grads:
        return
    with torch.no_grad():
        norm = torch.stack(torch._foreach_norm(grads)).norm()
        torch._foreach_mul_(grads, (theta / norm).clamp_(max=1.0))


@torch.no_grad()
def sgd(params, lr, batch_size=1):
    params = [p for p in params if p.grad is not None]
    if params:
        torch._foreach_add_(params, [p.grad for p in params], alpha=-lr / batch_size)


def detach_state(state):
    return tuple(s.detach() for s in state)


def fill_onehot(X, buffer):
    """Writes the (T, n, q) one-hot form of X into ``buffer``."""
    buffer.zero_()
    return buffer.scatter_(2, X.long().t().unsqueeze(2), 1)


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
    like = next(iter(params)).detach()
    state = init_rnn_state(1, num_hiddens, device)
    text = torch.zeros(len(prefix) + num_chars, dtype=torch.int64, device=like.device)
    text[: len(prefix)] = torch.tensor([char_to_idx[c] for c in prefix])
    buffer = like.new_zeros((1, 1, vocab_size))
    with torch.no_grad():
        for t in range(len(text) - 1):
            outputs, state = rnn(fill_onehot(text[t].view(1, 1), buffer), state, params)
            if t + 1 >= len(prefix):
                text[t + 1] = outputs[0].argmax()
    return "".join([idx_to_char[int(i)] for i in text])


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
    like = next(iter(params)).detach()
    state, sums = None, torch.zeros(2, dtype=torch.float64)
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        state = detach_state(state)
        n, T = X.shape
        inputs = fill_onehot(X.to(like.device), like.new_empty((T, n, vocab_size)))
        outputs, state = rnn(inputs, state, params)
        loss = sequence_loss(outputs, Y.to(like.device))
        for p in params:
            if p.grad is not None:
                p.grad.fill_(0)
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        sums[0] += loss.item() * Y.numel()
        sums[1] += Y.numel()
    return perplexity(sums[0].div_(sums[1]))


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
    perplexities = [math.inf] * num_epochs
    for epoch in range(num_epochs):
        make = data_iter_random if is_random_iter else data_iter_consecutive
        perplexities[epoch] = train_epoch(
            rnn,
            params,
            init_rnn_state,
            num_hiddens,
            vocab_size,
            device,
            make(corpus_indices, batch_size, num_steps, device),
            lr,
            clipping_theta,
            is_random_iter,
        )
        if (epoch + 1) % pred_period == 0:
            print("perplexity", perplexities[epoch], "after", epoch + 1, "epochs")
            print(
                *[
                    predict_rnn(
                        p,
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
                    for p in prefixes
                ],
                sep="\n",
            )
    return params, perplexities
