"""Whose fault is it if a check breaks down: the kit's, or that of an answer it could not read?

Checks compare whatever comes back, but nobody can think of every answer: a dict of tensors in the
place of numbers, a list that has grown, a complex parameter. What a check raises then (anything but
``CheckStopped``) is the submission's loss, in one sentence, unless the same check breaks down over
the reference, too. Only that is a ``fault`` of the kit, which asks for another run. A course's
edition without solutions was proved by the same checks when it was made: there an exception before
any answer is a fault, and one after it is not.
"""

import os
import traceback
from collections.abc import Callable

from grader import catalog as catalogs
from grader.findings import CheckStopped, Finding, fail
from grader.sandbox.client import SandboxError, Stopped
from grader.submission import Answer, Submission


def broken_check(
    error: Exception,
    submission: Submission,
    before: Answer | None,
    again: Callable[[Submission], None],
) -> Finding:
    """What a check that raised ``error`` found.

    Args:
        before: the submission's latest answer when the check began.
        again: runs the same check over another submission.
    """
    if os.environ.get("GRADER_DEBUG"):
        traceback.print_exception(error)
    fields = {"type": type(error).__name__, "text": str(error)[:200]}
    answer = submission.latest
    if answer is None or _raises(submission, again):
        return Finding("fault", fields, status="fault")
    shown = answer if answer is not before else None
    return fail("unreadable", answer=shown, **fields).finding


def _raises(submission: Submission, again: Callable[[Submission], None]) -> bool:
    """Whether a check breaks down over the reference, too."""
    solutions = catalogs.ROOT / "solutions"
    if not solutions.is_dir():
        return False
    reference = submission.beside(solutions)
    try:
        again(reference)
    except (CheckStopped, SandboxError):
        return False
    except Stopped:
        raise
    except Exception:
        return True
    finally:
        reference.close()
    return False
