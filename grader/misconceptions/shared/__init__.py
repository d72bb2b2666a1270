"""Mistakes that the RNN, the GRU and the LSTM share, each written once."""

from grader.misconceptions.shared import cost, gates, initialisation, loops, outputs, states

# Importing them registers their mistakes.
PARTS = (cost, gates, initialisation, loops, outputs, states)
