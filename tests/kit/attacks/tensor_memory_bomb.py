# attacks: gru.update_gate
# does: takes all the memory it can get, as tensors
# gets: error, timeout
import torch
def update_gate(X, H, W_xz, W_hz, b_z):
    kept = []
    while True:
        kept.append(torch.zeros(5_000_000))
