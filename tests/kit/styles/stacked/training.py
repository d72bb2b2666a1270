"""One tensor wherever a sequence is meant: log-probabilities indexed by time, row and label."""

import torch

from .sequence_data import data_iter_consecutive, data_iter_random, one_hot


def _as_one(outputs, T):
    """(T, n, q), whichever way they came."""
    if not isinstance(outputs, torch.Tensor):
        outputs = torch.stack(list(outputs))
    return outputs.reshape(T, -1, outputs.shape[-1])


def sequence_loss(outputs, Y):
    n, T = Y.shape
    log_p = _as_one(outputs, T).log_softmax(dim=-1)
    t = torch.arange(T, device=log_p.device).unsqueeze(1)
    i = torch.arange(n, device=log_p.device).unsqueeze(0)
    return -log_p[t, i, Y.long().T].mean()


def perplexity(mean_loss):
    return torch.exp(torch.as_tensor(mean_loss, dtype=torch.float64)).item()


def grad_clipping(params, theta, device=None):
    params = list(params)
    with_grad = [p for p in params if p.grad is not None]
    if not with_grad:
        return None
    flat = torch.cat([p.grad.flatten() for p in with_grad])
    norm = torch.linalg.vector_norm(flat)
    flat = flat * (theta / norm).clamp(max=1.0)
    flat = torch.where(norm > theta, flat, torch.cat([p.grad.flatten() for p in with_grad]))
    for p, part in zip(with_grad, flat.split([p.numel() for p in with_grad])):
        p.grad.copy_(part.view_as(p))
    return None


def sgd(params, lr, batch_size=1):
    for p in params:
        if p.grad is not None:
            p.data.copy_(p.data - (lr / batch_size) * p.grad)


def detach_state(state):
    return tuple(s.detach() for s in state)


def _encode(X, vocab_size, like):
    X = X.to(like.device)
    flat = one_hot(X.T.reshape(-1), vocab_size, like.dtype)
    return flat.reshape(X.shape[1], X.shape[0], vocab_size)


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
    numbers = torch.tensor([[char_to_idx[c] for c in prefix]], device=device)
    state, unread = init_rnn_state(1, num_hiddens, device), numbers
    with torch.inference_mode():
        for _ in range(num_chars):
            outputs, state = rnn(_encode(unread, vocab_size, like), state, params)
            unread = _as_one(outputs, unread.shape[1])[-1].argmax(dim=1, keepdim=True)
            numbers = torch.cat([numbers, unread.to(numbers.device)], dim=1)
    return "".join(map(idx_to_char.__getitem__, numbers[0].tolist()))


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
    total = torch.zeros((), dtype=torch.float64, device=device)
    labels = 0
    for X, Y in data_iter:
        fresh = is_random_iter or state is None
        state = init_rnn_state(len(X), num_hiddens, device) if fresh else detach_state(state)
        outputs, state = rnn(_encode(X, vocab_size, like), state, params)
        loss = sequence_loss(outputs, Y.to(like.device))
        for p in params:
            p.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta)
        sgd(params, lr)
        total += loss.detach() * Y.numel()
        labels += Y.numel()
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
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    cut = data_iter_random if is_random_iter else data_iter_consecutive
    result = torch.zeros(num_epochs, dtype=torch.float64)
    for epoch in range(num_epochs):
        data = cut(corpus_indices, batch_size, num_steps, device)
        result[epoch] = train_epoch(
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
        if epoch % pred_period == pred_period - 1:
            print(f"{epoch + 1} perplexity {result[epoch].item()}")
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
    return params, result.tolist()
