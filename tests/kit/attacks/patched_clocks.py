# attacks: gru.update_gate
# does: replaces every clock, then loops
# gets: timeout
import time
def update_gate(X, H, W_xz, W_hz, b_z):
    for name in ("time", "monotonic", "perf_counter", "process_time", "sleep"):
        setattr(time, name, lambda *a: 0.0)
    while True:
        pass
