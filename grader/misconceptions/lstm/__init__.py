"""Wrong versions of the functions in exercises/lstm.py, as learners really write them."""

from grader.misconceptions import shared
from grader.misconceptions.lstm import carrying, cell, loop, order

# Importing them registers their mistakes.
PARTS = (shared, carrying, cell, loop, order)
