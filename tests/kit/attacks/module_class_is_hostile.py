# attacks: concise.RNNModel
# does: a module whose class, name and attributes raise or end the process
# gets: failed, error
# at most: 0
import os
import torch
class Meta(type(torch.nn.Module)):
    def __instancecheck__(cls, other):
        os._exit(0)
    @property
    def __name__(cls):
        os._exit(0)
class RNNModel(torch.nn.Module, metaclass=Meta):
    def __init__(self, rnn_layer, vocab_size):
        object.__setattr__(self, "x", 1)
    def __getattribute__(self, name):
        raise KeyboardInterrupt
