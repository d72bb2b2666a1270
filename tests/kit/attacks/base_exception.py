# attacks: gru.update_gate
# does: raises a BaseException of its own
# gets: error
class Odd(BaseException):
    pass
def update_gate(X, H, W_xz, W_hz, b_z):
    raise Odd("odd")
