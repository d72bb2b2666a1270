import torch
from torch import nn
from torch.nn import functional as F


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.layers = [rnn_layer, nn.Linear(rnn_layer.hidden_size, vocab_size)]
        self.vocab_size = vocab_size

    def forward(self, inputs, state):
        X = F.one_hot(inputs.T.long(), self.vocab_size).float()
        H, state = self.layers[0](X, state)
        return self.layers[1](H.reshape(-1, H.shape[-1])), state
