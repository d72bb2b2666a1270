# attacks: gru.update_gate
# does: returns a list whose iteration never ends
# gets: timeout, failed, error
class Endless(list):
    def __iter__(self):
        while True:
            yield 0
def update_gate(X, H, W_xz, W_hz, b_z):
    return Endless()
