"""Classes: a Trainer that owns model, optimiser and clipper; an average that remembers counts."""

import math

import torch
from torch.nn.functional import cross_entropy

from .sequence_data import ConsecutiveBatches, RandomBatches, to_onehot


class Average:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def update(self, value, count):
        self.total += value * count
        self.count += count

    @property
    def value(self):
        return self.total / self.count


class Model:
    """rnn, params and state in one object."""

    def __init__(self, rnn, params, init_state, num_hiddens, vocab_size, device):
        self.rnn, self.params, self.device = rnn, params, device
        self.init_state, self.num_hiddens, self.vocab_size = init_state, num_hiddens, vocab_size
        self.state = None

    def reset(self, batch_size):
        self.state = self.init_state(batch_size, self.num_hiddens, self.device)

    def forget_graph(self):
        self.state = detach_state(self.state)

    def __call__(self, X):
        dtype = next(iter(self.params)).dtype
        inputs = [x.to(dtype=dtype, device=self.device) for x in to_onehot(X, self.vocab_size)]
        outputs, self.state = self.rnn(inputs, self.state, self.params)
        return outputs


def sequence_loss(outputs, Y):
    q = outputs[0].shape[-1]
    flat = outputs if isinstance(outputs, torch.Tensor) else torch.stack(tuple(outputs))
    return cross_entropy(flat.reshape(-1, q), Y.t().flatten().to(torch.int64))


def perplexity(mean_loss):
    return float(torch.exp(torch.as_tensor(mean_loss)))


def grad_clipping(params, theta, device=None):
    grads = [p.grad for p in params if p.grad is not None]
    total = math.fsum(float(g.square().sum()) for g in grads) ** 0.5
    if total <= theta:
        return
    for g in grads:
        g *= theta / total


def sgd(params, lr, batch_size=1):
    for p in params:
        if p.grad is not None:
            p.data.add_(p.grad, alpha=-lr / batch_size)


def detach_state(state):
    return tuple(map(torch.Tensor.detach, state))


class Writer:
    def __init__(self, model, idx_to_char, char_to_idx):
        self.model, self.idx_to_char, self.char_to_idx = model, idx_to_char, char_to_idx

    def feed(self, character):
        outputs = self.model(torch.tensor([[self.char_to_idx[character]]]))
        return self.idx_to_char[int(torch.argmax(outputs[-1]))]

    @torch.no_grad()
    def write(self, text, count):
        self.model.reset(1)
        for character in text:
            guess = self.feed(character)
        for _ in range(count):
            text += guess
            guess = self.feed(guess)
        return text


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
    model = Model(rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    return Writer(model, idx_to_char, char_to_idx).write(prefix, num_chars)


class Trainer:
    def __init__(self, model, lr, theta, is_random):
        self.model, self.lr, self.theta, self.is_random = model, lr, theta, is_random

    def step(self, X, Y):
        if self.model.state is None or self.is_random:
            self.model.reset(len(X))
        else:
            self.model.forget_graph()
        loss = sequence_loss(self.model(X), Y.to(self.model.device))
        for p in self.model.params:
            p.grad = None
        loss.backward()
        grad_clipping(self.model.params, self.theta)
        sgd(self.model.params, self.lr)
        return loss.item()

    def epoch(self, data):
        self.model.state, average = None, Average()
        for X, Y in data:
            average.update(self.step(X, Y), Y.numel())
        return perplexity(average.value)


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
    model = Model(rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    return Trainer(model, lr, clipping_theta, is_random_iter).epoch(data_iter)


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
    model = Model(rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    trainer = Trainer(model, lr, clipping_theta, is_random_iter)
    writer = Writer(model, idx_to_char, char_to_idx)
    batches = RandomBatches if is_random_iter else ConsecutiveBatches
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data = batches(corpus_indices, batch_size, num_steps, device)
        perplexities.append(trainer.epoch(data))
        if epoch % pred_period == 0:
            print("epoch", epoch, "perplexity", perplexities[-1])
            for prefix in prefixes:
                print(writer.write(prefix, pred_len))
    return params, perplexities
