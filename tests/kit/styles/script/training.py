"""Written like a script: defaults in globals, star arguments, short names, prints."""

import math, time
import torch
import torch.nn as nn

from exercises.sequence_data import *
from exercises import sequence_data as sd

loss_fn = nn.CrossEntropyLoss(reduction="none")
VERBOSE = False
t0 = time.time()


def log(*a):
    if VERBOSE:
        print("[%.1f]" % (time.time() - t0), *a)


def flat(outputs):
    if type(outputs) in (list, tuple):
        outputs = torch.cat([o for o in outputs], 0)
    return outputs.reshape(-1, outputs.size(-1))


def sequence_loss(outputs, Y):
    y = Y.permute(1, 0).reshape(-1).long()
    return loss_fn(flat(outputs), y).mean()


def perplexity(mean_loss):
    return 2 ** (float(mean_loss) / math.log(2))


def grad_clipping(params, theta, device=None):
    params = list(params)
    norm = 0
    for p in params:
        if p.grad is not None:
            norm = norm + (p.grad.detach() ** 2).sum()
    norm = float(norm) ** 0.5
    log("norm", norm)
    if norm > theta:
        for p in params:
            if p.grad is not None:
                p.grad.data.mul_(theta / norm)


def sgd(params, lr, batch_size=1):
    for p in params:
        if p.grad is not None:
            p.data.add_(-lr * p.grad.data / batch_size)


def detach_state(state):
    new = []
    for s in state:
        new.append(s.detach())
    return tuple(new)


def prep(X, V, params):
    return [x.type(params[0].type()) for x in sd.to_onehot(X, V)]


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
    s = init_rnn_state(1, num_hiddens, device)
    out, c = "", prefix[0]
    for t in range(len(prefix) + num_chars):
        if t < len(prefix):
            c = prefix[t]
        out += c
        y, s = rnn(prep(torch.tensor([[char_to_idx[c]]]).to(device), vocab_size, params), s, params)
        c = idx_to_char[flat(y)[0].argmax().item()]
    return out


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
    l_sum, n, s = 0.0, 0, None
    for X, Y in data_iter:
        X = X.to(device)
        Y = Y.to(device)
        if s is None or is_random_iter:
            s = init_rnn_state(X.shape[0], num_hiddens, device)
        s = detach_state(s)
        out, s = rnn(prep(X, vocab_size, params), s, params)
        l = sequence_loss(out, Y)
        for p in params:
            if p.grad is not None:
                p.grad.data *= 0
        l.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)
        l_sum += l.item() * Y.numel()
        n += Y.numel()
        log("loss", l.item())
    return perplexity(l_sum / n)


def train_and_predict_rnn(*args):
    (
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
    ) = args
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = [rnn, params, init_rnn_state, num_hiddens, vocab_size, device]
    hist = []
    for e in range(num_epochs):
        it = (data_iter_random if is_random_iter else data_iter_consecutive)(
            corpus_indices, batch_size, num_steps, device
        )
        hist += [train_epoch(*model, it, lr, clipping_theta, is_random_iter)]
        if (e + 1) % pred_period == 0:
            print("epoch", e + 1, "ppl", "%.3f" % hist[-1])
            for pre in prefixes:
                print(" * " + predict_rnn(pre, pred_len, *model, idx_to_char, char_to_idx))
    return params, hist
