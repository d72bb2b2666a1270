# attacks: concise.RNNModel
# does: a module with a parameter of many gigabytes, and results as large
# gets: failed, error, timeout
# at most: 0
import torch
class RNNModel(torch.nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn = rnn_layer
        self.big = torch.nn.Parameter(torch.ones(10**10))
    def forward(self, inputs, state):
        return torch.ones(10**10), state
