"""Written like a script: constants on top, short names, a demonstration at the bottom."""

import random
import torch

device_default = torch.device("cpu")
TEXT = "the time traveller (for so it will be convenient to speak of him)"


def build_vocab(corpus):
    i2c = sorted(list(set([c for c in corpus])))
    c2i = {}
    for k in range(len(i2c)):
        c2i[i2c[k]] = k
    return i2c, c2i


def one_hot(x, n_class, dtype=torch.float32):
    x = x.long()
    m = torch.zeros((x.size(0), n_class), dtype=dtype, device=x.device)
    m[range(x.size(0)), x] = 1
    return m


def to_onehot(X, n_class):
    return [one_hot(X[:, k], n_class) for k in range(X.size(1))]


def get_dev(device, c):
    if device is not None:
        return torch.device(device)
    if isinstance(c, torch.Tensor):
        return c.device
    return device_default


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    d = get_dev(device, corpus_indices)
    c = (
        corpus_indices.tolist()
        if isinstance(corpus_indices, torch.Tensor)
        else list(corpus_indices)
    )
    N = (len(c) - 1) // num_steps
    idx = [i * num_steps for i in range(N)]
    random.shuffle(idx)
    out = []
    for i in range(0, N, batch_size):
        b = idx[i : i + batch_size]
        if len(b) < batch_size:
            break
        xs = [c[j : j + num_steps] for j in b]
        ys = [c[j + 1 : j + num_steps + 1] for j in b]
        out.append([torch.tensor(xs).to(d), torch.tensor(ys).to(d)])
    return iter(out)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    d = get_dev(device, corpus_indices)
    c = torch.as_tensor(corpus_indices).to(d)
    L = len(c) // batch_size
    c = c[: L * batch_size].view(batch_size, L)
    out = []
    i = 0
    while i + num_steps + 1 <= L:
        out.append([c[:, i : i + num_steps], c[:, i + 1 : i + num_steps + 1]])
        i = i + num_steps
    return iter(out)


i2c, c2i = build_vocab(TEXT)
demo = [c2i[c] for c in TEXT]
if __name__ == "__main__":
    for X, Y in data_iter_consecutive(demo, 2, 6):
        print(["".join(i2c[i] for i in r) for r in X.tolist()])
