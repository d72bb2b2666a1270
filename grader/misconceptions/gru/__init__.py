"""Wrong versions of the functions in exercises/gru.py, as learners really write them."""

from grader.misconceptions import shared
from grader.misconceptions.gru import candidate, loop, mixture, order

# Importing them registers their mistakes.
PARTS = (shared, candidate, loop, mixture, order)
