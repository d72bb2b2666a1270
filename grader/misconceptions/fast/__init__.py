"""Wrong versions of the functions in exercises/fast.py, as people write them who optimise."""

from grader.misconceptions.fast import gru, gru_cost, lstm, lstm_cost, shared

# Importing them registers their mistakes.
PARTS = (shared, gru, lstm, gru_cost, lstm_cost)
