import torch


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens), device=device),)

    def rnn_step(X, H, W_xh, W_hh, b_h):
        return torch.tanh(X @ W_xh + H @ W_hh + b_h)
