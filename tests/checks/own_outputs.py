"""In which form a submission's own network returns its outputs, for check_training.py.

A network may return its outputs as a list, as (T·n, q) or as (T, n, q), and a training function
need only know one of them, but then it is the one that the submission's own ``rnn`` returns.
"""

from grader.checking.cases import Fill
from grader.findings import CheckStopped
from grader.submission import Answer, Exercise, Returned

STEPS, ROWS, INPUTS, HIDDENS, OUTPUTS = 3, 2, 4, 5, 6  # no two products or sizes are alike
STATES = {"rnn": 1, "gru": 1, "lstm": 2}
GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def own_forms(training: Exercise) -> list[str]:
    """The form of the submission's ``rnn``, or else of its ``gru`` or ``lstm``; [] if none answers.

    They are asked once a run.
    """
    if "own forms" not in training.noted:
        asked = (_form(training.submission.exercise(name), name) for name in STATES)
        first = next((form for form in asked if form), None)
        training.noted["own forms"] = [first] if first else []
    return training.noted["own forms"]


def _form(exercise: Exercise, name: str) -> str | None:
    fill = Fill(seed=1)
    gate = ((INPUTS, HIDDENS), (HIDDENS, HIDDENS), (HIDDENS,))
    shapes = [*gate * GATES[name], (HIDDENS, OUTPUTS), (OUTPUTS,)]
    arguments = {
        "inputs": [fill(ROWS, INPUTS).float() for _ in range(STEPS)],
        "state": tuple(fill(ROWS, HIDDENS).float() for _ in range(STATES[name])),
        "params": [fill(*shape).float() for shape in shapes],
    }
    try:
        return form_of(exercise.function(name).ask(arguments))
    except CheckStopped:
        return None


def form_of(answer: Answer) -> str | None:
    """ "list", "joined" or "tensor"; None if the answer is no network's."""
    value = answer.value
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    outputs = value[0]
    if isinstance(outputs, Returned):
        shapes = {(STEPS, ROWS, OUTPUTS): "tensor", (STEPS * ROWS, OUTPUTS): "joined"}
        return shapes.get(outputs.shape)
    each = isinstance(outputs, (list, tuple)) and all(
        isinstance(output, Returned) and output.shape == (ROWS, OUTPUTS) for output in outputs
    )
    return "list" if each and len(outputs) == STEPS else None
