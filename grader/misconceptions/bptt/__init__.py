"""Wrong versions of the functions in exercises/bptt.py, as learners really write them."""

from grader.misconceptions.bptt import gru_paths, gru_terms, norms, rnn_chain, rnn_results

# Importing them registers their mistakes.
PARTS = (gru_paths, gru_terms, norms, rnn_chain, rnn_results)
