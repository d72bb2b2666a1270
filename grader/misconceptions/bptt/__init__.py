"""Wrong versions of the functions in exercises/bptt.py, as learners really write them."""

from grader.misconceptions.bptt import (
    gru_gates,
    gru_paths,
    gru_terms,
    norms,
    rnn_chain,
    rnn_results,
    rnn_sums,
)

# Importing them registers their mistakes.
PARTS = (gru_gates, gru_paths, gru_terms, norms, rnn_chain, rnn_results, rnn_sums)
