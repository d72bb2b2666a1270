# attacks: gru.update_gate
# does: prints and raises text that is no UTF-8
# gets: error
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    os.write(1, b"\xff\xfe\x80")
    raise ValueError("\udcff\ud800")
