"""Wrong versions of the functions in exercises/training.py, as learners really write them."""

from grader.misconceptions.training import (
    clipping,
    clipping_as_in_the_book,
    course_results,
    course_training,
    epoch_arguments,
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
    clipping_as_in_the_book,
    course_results,
    course_training,
    epoch_arguments,
    epoch_data,
    epoch_perplexity,
    epoch_steps,
    losses,
    reading,
    steps,
    writing,
)
