# attacks: gru.update_gate
# does: searches all objects for a function called like the solution's
# gets: failed, error
# at most: a fifth
import gc, types
def update_gate(X, H, W_xz, W_hz, b_z):
    for item in gc.get_objects():
        if isinstance(item, types.FunctionType) and item.__name__ == "update_gate":
            if "solutions" in item.__module__:
                return item(X, H, W_xz, W_hz, b_z)
    for item in gc.get_objects():
        if isinstance(item, type(H)) and item.shape == H.shape and item is not H:
            return item
    return H * 0
