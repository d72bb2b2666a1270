# attacks: gru.get_params
# does: returns parameters whose numbers are all zero but claims otherwise in print
# gets: failed
# at most: a fifth
import torch
def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    print("std = 0.01")
    shapes = [(num_inputs, num_hiddens), (num_hiddens, num_hiddens), (num_hiddens,)] * 3
    shapes += [(num_hiddens, num_outputs), (num_outputs,)]
    return [torch.zeros(shape, device=device, requires_grad=True) for shape in shapes]
