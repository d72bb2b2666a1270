"""Wrong versions of the functions in exercises/training.py, as learners really write them."""

from grader.misconceptions.training import (
    clipping,
    course_results,
    course_training,
    epoch_data,
    epoch_perplexity,
    epoch_steps,
    losses,
    reading,
    steps,
    writing,
)

# Importing them registers their mistakes.
PARTS = (
    clipping,
    course_results,
    course_training,
    epoch_data,
    epoch_perplexity,
    epoch_steps,
    losses,
    reading,
    steps,
    writing,
)
