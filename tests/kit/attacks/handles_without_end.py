# attacks: concise.gru_layer_like
# does: returns hundreds of modules in lists within lists
# gets: failed, error
# at most: 0
import torch
def gru_layer_like(params):
    deep = [torch.nn.GRU(2, 3) for _ in range(300)]
    for _ in range(40):
        deep = [deep, torch.nn.GRU(2, 3)]
    return deep
