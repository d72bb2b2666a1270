"""Wrong versions of the functions in exercises/deep.py, as learners really write them."""

from grader.misconceptions.deep import cells, layers, outputs, parameters, shapes, states, steps

# Importing them registers their mistakes.
PARTS = (parameters, shapes, states, layers, steps, cells, outputs)
