# attacks: gru.update_gate
# does: raises an exception whose type has an odd name and whose text is no string
# gets: error
Odd = type("\x1b[31m::error::", (Exception,), {"__str__": lambda self: 3})
def update_gate(X, H, W_xz, W_hz, b_z):
    raise Odd
