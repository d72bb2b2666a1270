# attacks: gru.update_gate
# does: prints and raises GitHub workflow commands
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    print("::stop-commands::x\n::set-output name=score::100\n::error file=a::b\n##[group]x")
    raise ValueError("\n::add-mask::a\n::error ::owned\n%0A::warning::x")
