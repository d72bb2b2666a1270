"""Wrong versions of the functions in exercises/fast.py, as people write them who optimise."""

from grader.misconceptions.fast import gru, lstm, shared

# Importing them registers their mistakes.
PARTS = (shared, gru, lstm)
