# attacks: gru.update_gate
# does: leaves a thread that writes to the connection after the call
# gets: failed, error, timeout
# at most: a fifth
import os, threading, time
def _later():
    while True:
        time.sleep(0.001)
        os.write(3, b"\x00" * 8)
def update_gate(X, H, W_xz, W_hz, b_z):
    threading.Thread(target=_later, daemon=True).start()
    return H * 0
