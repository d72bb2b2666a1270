# attacks: gru.update_gate
# does: ignores every signal, then loops
# gets: timeout
import signal
def update_gate(X, H, W_xz, W_hz, b_z):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
