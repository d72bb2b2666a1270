# attacks: gru.update_gate
# does: overflows the C stack
# gets: error
import sys
def update_gate(X, H, W_xz, W_hz, b_z):
    sys.setrecursionlimit(10**9)
    class A:
        def __getattr__(self, name):
            return getattr(self, name + "x")
    return A().x
