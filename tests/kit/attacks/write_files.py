# attacks: gru.update_gate
# does: writes to every folder it knows
# gets: failed, error
# at most: a fifth
import os, tempfile
def update_gate(X, H, W_xz, W_hz, b_z):
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in (".", here, "/tmp", "/var/tmp", "/dev/shm", "/", os.path.expanduser("~")):
        try:
            with open(os.path.join(folder, "gatecheck_attack_was_here"), "w") as file:
                file.write("x")
            print("LEAKED wrote", folder)
        except OSError:
            pass
    return H * 0
