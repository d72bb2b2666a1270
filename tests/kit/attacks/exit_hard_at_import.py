# attacks: gru
# does: ends the process while it is imported
# gets: error
import os
os._exit(0)
