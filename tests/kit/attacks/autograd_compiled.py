# attacks: bptt.state_gradient_norms
# does: asks the C++ engine through its operator, forward mode, and a compiled function
# gets: error, failed
# at most: a fifth
import torch
def state_gradient_norms(inputs, H, W_xh, W_hh, b_h):
    state = torch.tensor(H.tolist(), dtype=H.dtype, requires_grad=True)
    result = state
    for X in inputs:
        result = torch.tanh(X @ W_xh + result @ W_hh + b_h)
    try:
        torch.ops.aten._backward(result.sum(), [state])
        return [float(state.grad.norm())] * len(inputs)
    except RuntimeError:
        import torch.autograd.forward_ad as forward
        with forward.dual_level():
            dual = forward.make_dual(H, torch.ones_like(H))
            for X in inputs:
                dual = torch.tanh(X @ W_xh + dual @ W_hh + b_h)
            return [float(forward.unpack_dual(dual).tangent.norm())] * len(inputs)
