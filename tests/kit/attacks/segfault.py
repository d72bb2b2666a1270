# attacks: gru.update_gate
# does: reads address 0
# gets: error
import ctypes
def update_gate(X, H, W_xz, W_hz, b_z):
    ctypes.string_at(0)
