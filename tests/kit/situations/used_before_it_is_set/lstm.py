import torch


def next_memory(F, C, I, C_tilde):
    C_new = F * C_new + I * C_tilde
    return C_new
