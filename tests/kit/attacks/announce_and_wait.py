# attacks: gru.update_gate
# does: announces a frame that never comes
# gets: timeout, error
import os, struct, time
def update_gate(X, H, W_xz, W_hz, b_z):
    os.write(3, struct.pack(">II", 100_000, 1_000_000))
    time.sleep(3600)
