"""Classes: a vocabulary class and iterator classes with __iter__ and __next__."""

import torch


class Vocabulary:
    def __init__(self):
        self.characters = []
        self.numbers = {}

    def add(self, character):
        if character not in self.numbers:
            self.numbers[character] = len(self.characters)
            self.characters.append(character)


def build_vocab(corpus):
    vocabulary = Vocabulary()
    for character in corpus:
        vocabulary.add(character)
    return vocabulary.characters, vocabulary.numbers


class OneHot(torch.nn.Module):
    def __init__(self, n_class, dtype):
        super().__init__()
        self.n_class, self.dtype = n_class, dtype

    def forward(self, x):
        table = torch.eye(self.n_class, dtype=self.dtype, device=x.device)
        return table[x.long()]


def one_hot(x, n_class, dtype=torch.float32):
    return OneHot(n_class, dtype)(x)


def to_onehot(X, n_class):
    encode = OneHot(n_class, torch.float32)
    return [encode(column) for column in X.t()]


class BatchIterator:
    """Counts batches; a subclass says what batch number k is."""

    def __init__(self, corpus_indices, batch_size, num_steps, device):
        self.corpus = torch.as_tensor(corpus_indices, device=device)
        self.batch_size, self.num_steps = batch_size, num_steps
        self.position = 0

    def __iter__(self):
        return self

    def __len__(self):
        raise NotImplementedError

    def __next__(self):
        if self.position >= len(self):
            raise StopIteration
        X, Y = self.batch(self.position), self.batch(self.position, 1)
        self.position += 1
        return X, Y


class RandomBatches(BatchIterator):
    def __init__(self, *args):
        super().__init__(*args)
        self.windows = max((len(self.corpus) - 1) // self.num_steps, 0)
        self.order = torch.randperm(self.windows).tolist()

    def __len__(self):
        return self.windows // self.batch_size

    def batch(self, number, shift=0):
        first = number * self.batch_size
        starts = [self.num_steps * w + shift for w in self.order[first : first + self.batch_size]]
        return torch.stack([self.corpus[s : s + self.num_steps] for s in starts])


class ConsecutiveBatches(BatchIterator):
    def __init__(self, *args):
        super().__init__(*args)
        self.row_length = len(self.corpus) // self.batch_size
        used = self.corpus[: self.row_length * self.batch_size]
        self.rows = used.reshape(self.batch_size, self.row_length)

    def __len__(self):
        return max(self.row_length - 1, 0) // self.num_steps

    def batch(self, number, shift=0):
        first = number * self.num_steps + shift
        return self.rows.narrow(1, first, self.num_steps)


def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    return RandomBatches(corpus_indices, batch_size, num_steps, device)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    return ConsecutiveBatches(corpus_indices, batch_size, num_steps, device)
