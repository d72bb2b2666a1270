import torch


class RNN:
    def __init__(self, num_hiddens):
        self.num_hiddens = num_hiddens

    def rnn_step(self, X, H, W_xh, W_hh, b_h):
        return torch.tanh(X @ W_xh + H @ W_hh + b_h)

    def forward(self, inputs, state, params):
        pass
