import torch


def next_memory(F, C, I, C_tilde):
    return F(C) + I * C_tilde
