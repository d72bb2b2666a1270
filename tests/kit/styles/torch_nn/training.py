"""What torch brings: torch.optim.SGD, clip_grad_norm_, nn.CrossEntropyLoss."""

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs, Y):
    if not isinstance(outputs, torch.Tensor):
        outputs = torch.cat(list(outputs))
    return nn.CrossEntropyLoss()(outputs.flatten(0, -2), Y.T.flatten().long())


def perplexity(mean_loss):
    return torch.tensor(float(mean_loss)).exp().item()


def grad_clipping(params, theta, device=None):
    clip_grad_norm_(list(params), theta)


def sgd(params, lr, batch_size=1):
    torch.optim.SGD(list(params), lr=lr / batch_size).step()


def detach_state(state):
    return tuple(s.detach() for s in state)


@torch.no_grad()
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

    def feed(index, state):
        X = torch.full((1, 1), index, device=like.device)
        outputs, state = rnn([x.to(like) for x in to_onehot(X, vocab_size)], state, params)
        return outputs[-1], state

    *first, index = (char_to_idx[char] for char in prefix)
    state = init_rnn_state(1, num_hiddens, device)
    for earlier in first:
        _, state = feed(earlier, state)
    written = []
    for _ in range(num_chars):
        output, state = feed(index, state)
        index = output.flatten().topk(1).indices.item()
        written.append(idx_to_char[index])
    return prefix + "".join(written)


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
    optimizer = torch.optim.SGD(params, lr=lr)
    like = next(iter(params))
    state, nats, labels = None, 0.0, 0
    for X, Y in data_iter:
        X, Y = X.to(like.device), Y.to(like.device)
        if is_random_iter or state is None:
            state = init_rnn_state(X.size(0), num_hiddens, device)
        else:
            state = detach_state(state)
        optimizer.zero_grad()
        outputs, state = rnn([x.to(like) for x in to_onehot(X, vocab_size)], state, params)
        loss = sequence_loss(outputs, Y)
        loss.backward()
        nn.utils.clip_grad_norm_(params, max_norm=clipping_theta)
        optimizer.step()
        nats += loss.item() * Y.numel()
        labels += Y.numel()
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
    make = data_iter_random if is_random_iter else data_iter_consecutive
    loader = make(corpus_indices, batch_size, num_steps, device)  # shuffles anew at each iter()
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        perplexities.append(
            train_epoch(
                rnn,
                params,
                init_rnn_state,
                num_hiddens,
                vocab_size,
                device,
                loader,
                lr,
                clipping_theta,
                is_random_iter,
            )
        )
        if epoch % pred_period == 0:
            print(f"[{epoch}/{num_epochs}] ppl={perplexities[-1]:.4f}")
            for prefix in prefixes:
                print(
                    ">",
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
