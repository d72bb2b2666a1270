import torch


def init_rnn_state(batch_size, num_hiddens, device=None):
    return (torch.zeros((batch_size, num_hiddens)).cuda(),)
