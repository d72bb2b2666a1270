# attacks: gru.update_gate
# does: raises GeneratorExit, StopIteration's relative
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    raise GeneratorExit
