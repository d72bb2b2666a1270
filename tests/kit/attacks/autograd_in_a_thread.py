# attacks: bptt.rnn_backward
# does: takes autograd instead of the formulas, in a thread of its own
# gets: error
# at most: 0
import threading
import torch
def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    found = []
    def run():
        leaves = [torch.tensor(t.tolist(), dtype=t.dtype, requires_grad=True)
                  for t in [*inputs, H, W_xh, W_hh, b_h]]
        *steps, state, A, B, c = leaves
        total = 0
        for X, outside in zip(steps, grad_states):
            state = torch.tanh(X @ A + state @ B + c)
            total = total + (state * outside).sum()
        found.append(torch.autograd.grad(total, leaves))
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    *grads, gH, gA, gB, gc = found[0]
    return grads, gH, gA, gB, gc
