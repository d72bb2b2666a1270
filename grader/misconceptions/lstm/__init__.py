"""Wrong versions of the functions in exercises/lstm.py, as learners really write them."""

from grader.misconceptions import shared
from grader.misconceptions.lstm import cell, loop

# Importing them registers their mistakes.
PARTS = (shared, cell, loop)
