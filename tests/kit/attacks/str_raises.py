# attacks: gru.update_gate
# does: raises an exception whose text can't be made
# gets: error
class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text")
    __repr__ = __str__
def update_gate(X, H, W_xz, W_hz, b_z):
    raise Mute
