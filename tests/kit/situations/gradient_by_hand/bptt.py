import torch


def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    states = [H]
    for X in inputs:
        states.append(torch.tanh(X @ W_xh + states[-1] @ W_hh + b_h))
    grads, gW_xh, gW_hh, gb = [], 0 * W_xh, 0 * W_hh, 0 * b_h
    for t in reversed(range(len(inputs))):
        grad = grad_states[t] * (1 - states[t + 1] ** 2)
        gW_xh, gW_hh = gW_xh + inputs[t].T @ grad, gW_hh + states[t].T @ grad
        gb = gb + grad.sum(0)
        grads.insert(0, grad @ W_xh.T)
    return grads, grad @ W_hh.T, gW_xh, gW_hh, gb
