# attacks: gru.update_gate
# does: right values, but it adds to its argument in place, and the worker keeps silent about it
# gets: failed
# at most: all
import sys
sys.modules["grader.sandbox.worker"].Arguments.mutated = lambda *a: []
def update_gate(X, H, W_xz, W_hz, b_z):
    Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
    b_z.data += 1
    return Z
