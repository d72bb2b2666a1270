# attacks: gru.update_gate
# does: sets trace and profile functions to watch the caller
# gets: failed, error
# at most: a fifth
import sys
seen = []
def update_gate(X, H, W_xz, W_hz, b_z):
    sys.setprofile(lambda frame, event, argument: seen.append(frame) if len(seen) < 1000 else None)
    for frame in seen:
        for value in frame.f_locals.values():
            if type(value) is type(H) and value.shape == H.shape:
                return value
    return H * 0
