# attacks: concise.RNNModel
# does: makes a module whose forward never ends
# gets: timeout
# at most: a fifth
import torch
class RNNModel(torch.nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super().__init__()
        self.rnn, self.dense = rnn_layer, torch.nn.Linear(1, 1)
    def forward(self, inputs, state):
        while True:
            pass
