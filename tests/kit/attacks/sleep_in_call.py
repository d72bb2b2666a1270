# attacks: gru.update_gate
# does: sleeps for a day
# gets: timeout
import time
def update_gate(X, H, W_xz, W_hz, b_z):
    time.sleep(86400)
