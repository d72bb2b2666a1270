# attacks: gru.update_gate
# does: calls sys.exit(0)
# gets: error
import sys
def update_gate(X, H, W_xz, W_hz, b_z):
    sys.exit(0)
