"""Wrong versions of the functions in exercises/peephole.py, as learners really write them."""

from grader.misconceptions.peephole import gates, loop, probes, states

# Importing them registers their mistakes.
PARTS = (states, gates, loop)
PROBES = {"peephole_lstm": probes.whole}
