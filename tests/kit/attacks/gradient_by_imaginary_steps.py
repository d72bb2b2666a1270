# attacks: bptt.state_gradient_norms
# does: moves each entry of a state by an imaginary step in place of the chain rule, unseen by the recorder
# gets: error, failed
# at most: a fifth
import torch
def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    wide = torch.complex128
    A, B, c = W_xh.to(wide), W_hh.to(wide), b_h.to(wide)
    norms = []
    with torch._C._DisableTorchDispatch():
        for start in range(len(inputs)):
            h = H.double()
            for X in inputs[:start]:
                h = torch.tanh(X.double() @ W_xh.double() + h @ W_hh.double() + b_h.double())
            rows = h.to(wide) + 1e-30j * torch.eye(H.numel(), dtype=wide)
            for X in inputs[start:]:
                rows = torch.tanh(X.to(wide) @ A + rows @ B + c)
            norms.append(float(torch.linalg.matrix_norm(rows.imag / 1e-30, 2)))
    return norms
