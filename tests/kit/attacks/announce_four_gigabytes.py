# attacks: gru.update_gate
# does: announces a frame of 4 GB
# gets: error
import os, struct
def update_gate(X, H, W_xz, W_hz, b_z):
    os.write(3, struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF))
    return X
