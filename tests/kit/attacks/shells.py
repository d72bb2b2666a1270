# attacks: gru.update_gate
# does: starts programs in every way there is
# gets: failed, error
# at most: a fifth
import os, subprocess
def update_gate(X, H, W_xz, W_hz, b_z):
    for attempt in (
        lambda: subprocess.run(["id"]),
        lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "id"], {}),
        lambda: os.execv("/bin/sh", ["sh", "-c", "echo LEAKED"]),
        lambda: os.popen("id").read(),
    ):
        try:
            print("LEAKED", attempt())
        except OSError:
            pass
    if os.system("true") == 0:
        print("LEAKED shell")
    return H * 0
