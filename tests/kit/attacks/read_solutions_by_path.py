# attacks: gru.update_gate
# does: looks for the solution's file in every likely place
# gets: failed, error
# at most: a fifth
import glob, os, sys
def update_gate(X, H, W_xz, W_hz, b_z):
    roots = {".", "..", "../..", "/", os.path.expanduser("~"), *sys.path}
    roots |= {os.path.dirname(m.__file__) for m in list(sys.modules.values()) if getattr(m, "__file__", None) and "grader" in m.__file__}
    for root in roots:
        for pattern in ("solutions/gru.py", "../solutions/gru.py", "../../solutions/gru.py", "*/*/solutions/gru.py"):
            for path in glob.glob(os.path.join(root, pattern)):
                space = {}
                exec(open(path).read().replace("from .parameters", "from exercises.parameters"), space)
                return space["update_gate"](X, H, W_xz, W_hz, b_z)
    return H * 0
