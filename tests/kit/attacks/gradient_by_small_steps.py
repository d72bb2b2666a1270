# attacks: bptt.gru_step_backward
# does: differences of eight small steps for each entry, right to ten digits, in place of the chain rule
# gets: failed, timeout
# at most: 0
import torch
_WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
def _step(X, H, W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
    C = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
    return Z * H + (1 - Z) * C
def gru_step_backward(*arguments):
    given, outside = [a.double() for a in arguments[:11]], arguments[11].double()
    found = []
    for number, tensor in enumerate(given):
        slopes = torch.zeros(tensor.numel(), dtype=torch.float64, device=tensor.device)
        for i in range(tensor.numel()):
            for steps, weight in _WEIGHTS.items():
                for sign in (1, -1):
                    moved = tensor.clone()
                    moved.view(-1)[i] += sign * steps * 0.01
                    total = (_step(*given[:number], moved, *given[number + 1 :]) * outside).sum()
                    slopes[i] += sign * weight * total / 0.01
        found.append(slopes.reshape(tensor.shape).to(arguments[number].dtype))
    return found
