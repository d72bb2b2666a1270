import torch
from torch import nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        pass
        self.rnn = rnn_layer
        self.vocab_size = vocab_size
        width = rnn_layer.hidden_size * (2 if rnn_layer.bidirectional else 1)
        self.dense = nn.Linear(width, vocab_size)

    def forward(self, inputs, state=None):
        X = F.one_hot(inputs.long(), self.vocab_size).to(self.dense.weight.dtype)
        Y, state = self.rnn(X.transpose(0, 1), state)
        return self.dense(Y.reshape(-1, Y.shape[-1])), state
