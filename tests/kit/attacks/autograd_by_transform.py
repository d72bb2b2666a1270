# attacks: bptt.rnn_backward
# does: takes torch.func instead of the formulas, and a guard kept from the import
# gets: error
# at most: 0
import torch
try:
    KEPT = torch._C._InferenceMode(False)
except RuntimeError:
    KEPT = None
def rnn_backward(inputs, H, W_xh, W_hh, b_h, grad_states):
    def total(inputs, H, W_xh, W_hh, b_h):
        found = 0
        for X, outside in zip(inputs, grad_states):
            H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
            found = found + (H * outside).sum()
        return found
    for way in (torch.func.grad, torch.func.jacrev, torch.func.jacfwd):
        try:
            return way(total, argnums=(0, 1, 2, 3, 4))(list(inputs), H, W_xh, W_hh, b_h)
        except RuntimeError as error:
            last = error
    raise last
