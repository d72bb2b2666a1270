import torch


def next_memory(F, C, I, C_tilde):
    return (F * C + I * C_tilde) / torch.zeros_like(C)


def next_state(O, C):
    return O * C.tanh()
