"""Wrong versions of the functions in exercises/sequence_data.py, as learners really write them."""

from grader.misconceptions.sequence_data import (
    consecutive_iterating,
    consecutive_sampling,
    encoding,
    iterating,
    random_sampling,
    vocabulary,
)

# Importing them registers their mistakes.
PARTS = (
    consecutive_iterating,
    consecutive_sampling,
    encoding,
    iterating,
    random_sampling,
    vocabulary,
)
