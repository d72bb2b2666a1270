# attacks: concise.lstm_layer
# does: a layer that names other parameters than it has, and calls itself equal to anything
# gets: failed, error
# at most: a fifth
import torch
class Lies(torch.nn.LSTM):
    def named_parameters(self, *a, **k):
        raise SystemExit
    def parameters(self, *a, **k):
        return iter([])
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
    def __call__(self, X, state=None):
        return torch.zeros(1).expand(10**9), state
def lstm_layer(params):
    return Lies(params[0].shape[0], params[0].shape[1])
