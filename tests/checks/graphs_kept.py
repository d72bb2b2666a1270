"""Does an epoch's memory grow with its batches? Counted by the kernel, from outside of the worker.

A net that watches its own graphs names how many are kept (``standins.watched_cell``), but it lives
beside the submission, which can find and empty what it has noted. So after it a larger net without
a watch is trained, over a few batches and then over many: what is kept of each shows in the memory.
"""

from typing import Any

import torch

from grader.checking.cases import Case, Fill
from grader.checking.footprint import peak_bytes
from grader.checking.nets import ask_in_any_form, net
from grader.findings import CheckStopped, fail
from grader.sandbox.devices import CPU
from tests.checks.own_outputs import own_forms

ONE, FEW, MANY = 1, 4, 16  # batches
SAMPLES, STEPS, WORDS, HIDDENS = 256, 16, 5, 64
ALLOWED = 24 << 20  # bytes: right code grows by a few million, one that keeps all by fifty and more
FAST_S = 0.1  # of processor time a batch: what takes longer would meet a limit before it is seen


def memory_stays(training: Any, case: Case) -> None:
    """A dozen more batches take hardly more memory; looked at once, for the peak stays what it was.

    Raises:
        CheckStopped: if they do.
    """
    function = training.train_epoch
    if function.home != CPU:
        return
    if "memory" in function.cache:
        if function.cache["memory"] is not None:
            raise CheckStopped(function.cache["memory"])
        return
    fill = Fill(case.seed)
    model = net(fill, WORDS, HIDDENS)
    batch = (fill.integers(WORDS, SAMPLES, STEPS), fill.integers(WORDS, SAMPLES, STEPS))
    peaks = []
    for count in (ONE, FEW, MANY):

        def arguments(dtype: torch.dtype, form: str, count: int = count) -> dict[str, Any]:
            return {
                **model.arguments(dtype, form),
                "num_hiddens": model.hiddens,
                "vocab_size": model.vocab,
                "device": torch.device("cpu"),
                "data_iter": [batch] * count,
                "lr": 0.01,
                "clipping_theta": 1.0,
                "is_random_iter": False,
            }

        answer = ask_in_any_form(function, arguments, own_forms(training))
        if count == ONE and function.cpu_of_last_call > FAST_S:
            function.cache["memory"] = None  # a loop in Python over all samples, say
            return
        peaks.append(peak_bytes(function.pid))
    grown = peaks[-1] - peaks[-2]
    fields = {"grown": round(grown / 1e6), "batches": MANY - FEW}
    stopped = fail("cost_memory", answer=answer, **fields) if grown > ALLOWED else None
    function.cache["memory"] = stopped and stopped.finding
    if stopped:
        raise stopped
