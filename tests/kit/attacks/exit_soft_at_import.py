# attacks: gru
# does: calls sys.exit(0) while it is imported
# gets: error
import sys
sys.exit(0)
