"""Newer torch: get_total_norm and clip_grads_with_norm_, nll of log_softmax, inference_mode."""

import torch
import torch.nn.functional as F
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from .sequence_data import Batches


def sequence_loss(outputs, Y):
    if not isinstance(outputs, torch.Tensor):
        outputs = torch.concatenate(tuple(outputs))
    log_p = outputs.reshape(-1, outputs.shape[-1]).log_softmax(-1)
    return -log_p.take_along_dim(Y.mT.reshape(-1, 1).long(), dim=1).mean()


def perplexity(mean_loss):
    return torch.as_tensor(mean_loss, dtype=torch.float64).exp().item()


def grad_clipping(params, theta, device=None):
    params = [p for p in params if p.grad is not None]
    norm = get_total_norm([p.grad for p in params], norm_type=2.0)
    clip_grads_with_norm_(params, theta, norm)


@torch.no_grad()
def sgd(params, lr, batch_size=1):
    for p in params:
        match p.grad:
            case None:
                continue
            case grad:
                p.add_(grad, alpha=-lr / batch_size)


def detach_state(state):
    return tuple(s.detach() for s in state)


def _encode(X, vocab_size, like):
    return F.one_hot(X.mT.to(like.device, torch.int64), vocab_size).to(like.dtype)


@torch.inference_mode()
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
    like = next(iter(params))
    numbers = [char_to_idx[char] for char in prefix]
    state = init_rnn_state(1, num_hiddens, device)
    unread = numbers
    while len(numbers) < len(prefix) + num_chars:
        X = torch.tensor([unread])
        outputs, state = rnn(_encode(X, vocab_size, like), state, params)
        numbers = numbers + (unread := [outputs[-1].argmax().item()])
    return "".join(idx_to_char[number] for number in numbers)


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
    like, state = next(iter(params)), None
    losses, counts = [], []
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(len(X), num_hiddens, device)
        outputs, state = rnn(_encode(X, vocab_size, like), detach_state(state), params)
        loss = sequence_loss(outputs, Y.to(like.device))
        for p in params:
            p.grad = None
        loss.backward(inputs=list(params))
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        losses.append(loss.detach())
        counts.append(Y.numel())
    counts = torch.tensor(counts, dtype=torch.float64, device=like.device)
    return perplexity(torch.dot(torch.stack(losses).double(), counts) / counts.sum())


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
    corpus = torch.as_tensor(corpus_indices, device=device)
    data = Batches(corpus, batch_size, num_steps, shuffle=is_random_iter)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        ppl = train_epoch(
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
        perplexities.append(ppl)
        if epoch % pred_period == 0:
            print(f"{epoch:>3} | {ppl = :.3f}")
            for prefix in prefixes:
                text = predict_rnn(
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
                print(f"{'':>3} | {text}")
    return params, perplexities
