# attacks: gru.update_gate
# does: opens sockets and fetches a page
# gets: failed, error
# at most: a fifth
import socket, urllib.request
def update_gate(X, H, W_xz, W_hz, b_z):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family)
            print("LEAKED socket")
        except OSError:
            pass
    try:
        urllib.request.urlopen("http://127.0.0.1:1/", timeout=1)
    except OSError:
        pass
    return H * 0
