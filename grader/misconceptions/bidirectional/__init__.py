"""Wrong versions of the functions in exercises/bidirectional.py, as learners really write them."""

from grader.misconceptions.bidirectional import directions, outputs, pairing, parameters, states

# Importing them registers their mistakes.
PARTS = (parameters, states, directions, pairing, outputs)
