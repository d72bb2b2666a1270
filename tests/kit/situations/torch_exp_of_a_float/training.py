import torch


def perplexity(mean_loss):
    return torch.exp(mean_loss)
