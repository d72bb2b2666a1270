"""Computes loss, norm and perplexity in float64 and casts back; self-contained."""

import random

import torch


def sequence_loss(outputs, Y):
    outputs = (
        torch.cat([o.reshape(-1, o.shape[-1]) for o in outputs])
        if not isinstance(outputs, torch.Tensor)
        else outputs.reshape(-1, outputs.shape[-1])
    )
    log_p = torch.log_softmax(outputs.double(), dim=1)
    labels = Y.long().T.reshape(-1, 1)
    return -log_p.gather(1, labels).mean().to(outputs.dtype)


def perplexity(mean_loss):
    return torch.as_tensor(mean_loss).detach().double().exp().item()


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    squares = sum(float((g.double() ** 2).sum()) for g in grads)
    factor = min(1.0, theta / squares**0.5) if squares > 0 else 1.0
    with torch.no_grad():
        for g in grads:
            g.copy_(g.double() * factor)


def sgd(params, lr, batch_size=1):
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.copy_(p.double() - lr * p.grad.double() / batch_size)


def detach_state(state):
    return tuple(s.detach().clone() for s in state)


def _inputs(X, size, like):
    eye = torch.eye(size, dtype=like.dtype, device=like.device)
    return list(eye[X.long().to(like.device).T])


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
    params = list(params)
    state = init_rnn_state(1, num_hiddens, device)
    text, unread = prefix, prefix
    for _ in range(num_chars):
        X = torch.tensor([[char_to_idx[c] for c in unread]])
        outputs, state = rnn(_inputs(X, vocab_size, params[0]), state, params)
        state = detach_state(state)
        unread = idx_to_char[int(outputs[-1].double().argmax())]
        text += unread
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
    state, losses, counts = None, [], []
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        outputs, state = rnn(_inputs(X, vocab_size, params[0]), detach_state(state), params)
        loss = sequence_loss(outputs, Y.to(params[0].device))
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        losses.append(loss.detach().double().cpu())
        counts.append(Y.numel())
    weights = torch.tensor(counts, dtype=torch.float64)
    return perplexity((torch.stack(losses) * weights).sum() / weights.sum())


def _batches(indices, n, T, is_random):
    if is_random:
        starts = list(range(0, len(indices) - T, T))
        random.shuffle(starts)
        for k in range(len(starts) // n):
            rows = [indices[s : s + T + 1] for s in starts[k * n : (k + 1) * n]]
            yield torch.stack([r[:-1] for r in rows]), torch.stack([r[1:] for r in rows])
    else:
        rows = indices[: len(indices) // n * n].reshape(n, -1)
        for s in range(0, rows.shape[1] - T, T):
            yield rows[:, s : s + T], rows[:, s + 1 : s + T + 1]


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
    indices, perplexities = torch.as_tensor(corpus_indices), []
    for epoch in range(num_epochs):
        data = _batches(indices, batch_size, num_steps, is_random_iter)
        perplexities.append(
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
        if not (epoch + 1) % pred_period:
            print(f"{epoch + 1:4d}  perplexity {perplexities[-1]:.6g}")
            for prefix in prefixes:
                print(
                    "      "
                    + predict_rnn(
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
