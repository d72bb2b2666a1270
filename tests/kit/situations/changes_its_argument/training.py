import math


def perplexity(mean_loss):
    return math.exp(mean_loss)


def detach_state(state):
    return tuple(matrix.detach_() for matrix in state)


def sgd(params, lr, batch_size=1):
    for param in params:
        param = param.data - lr * param.grad / batch_size
