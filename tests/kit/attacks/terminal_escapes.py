# attacks: gru.update_gate
# does: prints and raises escapes that would repaint the terminal
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    print("\x1b[2J\x1b[H\x1b]0;owned\x07\x9b31mPASSED\r\b\b\u202e\u2066")
    raise ValueError("\x1b[2J\x1b[32mPASSED\x1b[0m \u202e\x00\x7f")
