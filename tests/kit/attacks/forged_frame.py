# attacks: gru.update_gate
# does: sends a well-formed answer of its own with a guessed number
# gets: error
import os, struct
def update_gate(X, H, W_xz, W_hz, b_z):
    import msgspec
    header = msgspec.msgpack.encode([1, ["none"], [], [], [], None, [], []])
    os.write(3, struct.pack(">II", len(header), 0) + header)
    return X
