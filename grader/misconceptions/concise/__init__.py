"""Wrong versions of what exercises/concise.py holds, as learners really write them."""

from grader.misconceptions.concise import (
    gru,
    gru_order,
    lstm,
    model_inputs,
    model_outputs,
    model_parameters,
    model_states,
)

# Importing them registers their mistakes.
PARTS = (gru, gru_order, lstm, model_inputs, model_outputs, model_parameters, model_states)
