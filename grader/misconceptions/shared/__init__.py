"""Mistakes that the RNN, the GRU and the LSTM share, each written once."""

from grader.misconceptions.shared import (
    carrying,
    cost,
    drawing,
    gates,
    initialisation,
    loops,
    outputs,
    products,
    results,
    states,
)

# Importing them registers their mistakes.
PARTS = (carrying, cost, drawing, gates, initialisation, loops, outputs, products, results, states)
