import torch
from torch.nn import functional as F


def grad_clipping(params, theta, device=None):
    params = [p for p in params if p.grad is not None]
    norm = sum((p.grad ** 2).sum() for p in params).sqrt()
    if norm > theta:
        for p in params:
            p.grad *= theta / norm


def train_epoch(rnn, params, init_rnn_state, num_hiddens, vocab_size, device, data_iter, lr,
                clipping_theta, is_random_iter):
    state, total, count = None, 0.0, 0
    for X, Y in data_iter:
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            for s in state:
                s = s.detach()
        inputs = [F.one_hot(x.long(), vocab_size).to(params[0].dtype) for x in X.T]
        outputs, state = rnn(inputs, state, params)
        outputs = torch.cat(list(outputs))
        loss = F.cross_entropy(outputs, Y.T.reshape(-1).long())
        for p in params:
            p.grad = None
        loss.backward(retain_graph=True)
        grad_clipping(params, clipping_theta, device)
        for p in params:
            if p.grad is not None:
                p.data -= lr * p.grad
        total += loss.item() * Y.numel()
        count += Y.numel()
    return float(torch.tensor(total / count).exp())
