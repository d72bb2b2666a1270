"""``python -m grader``."""

import atexit
import os
import sys

# `python -m` puts the current folder first on the path; only the kit's own may stay there, so that
# no file of a submission's folder is taken for a library.
_KIT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if sys.path and os.path.abspath(sys.path[0]) != _KIT:
    sys.path[0] = _KIT

from grader.cli import INTERRUPTED, main  # noqa: E402 - after the path has been settled

if __name__ == "__main__":
    code = main()
    if code == INTERRUPTED:
        # if Ctrl-C came while a string was being executed (dataclasses do that), Python ends itself
        # by the signal in the end, though we have caught it: leave before it does
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
