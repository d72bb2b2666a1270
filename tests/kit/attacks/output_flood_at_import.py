# attacks: gru
# does: writes bytes to both streams without end while it is imported
# gets: timeout
import os
while True:
    os.write(1, b"\xff" * 65536)
    os.write(2, b"\x00" * 65536)
