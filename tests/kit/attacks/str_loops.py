# attacks: gru.update_gate
# does: raises an exception whose text takes for ever
# gets: timeout
class Slow(Exception):
    def __str__(self):
        while True:
            pass
def update_gate(X, H, W_xz, W_hz, b_z):
    raise Slow
