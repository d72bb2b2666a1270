"""Wrong versions of the functions in exercises/gru.py, as learners really write them."""

from grader.misconceptions import shared
from grader.misconceptions.gru import cell, loop

# Importing them registers their mistakes.
PARTS = (shared, cell, loop)
