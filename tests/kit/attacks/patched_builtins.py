# attacks: gru.update_gate
# does: replaces builtins while it runs
# gets: failed, error, timeout
# at most: a fifth
import builtins
def update_gate(X, H, W_xz, W_hz, b_z):
    for name in ("len", "isinstance", "print", "zip", "sorted", "type", "getattr"):
        setattr(builtins, name, lambda *a, **k: True)
    return H * 0
