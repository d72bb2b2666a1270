"""Wrong versions of the functions in exercises/parameters.py, as learners really write them."""

from grader.misconceptions.parameters import drawing, groups, single

# Importing them registers their mistakes.
PARTS = (drawing, groups, single)
