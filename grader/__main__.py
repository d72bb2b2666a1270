"""``python -m grader``."""

import atexit
import contextlib
import os
import sys

# `python -m` puts the current folder first on the path; only the kit's own may stay there, so that
# no file of a submission's folder is taken for a library.
_KIT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if sys.path and os.path.abspath(sys.path[0]) != _KIT:
    sys.path[0] = _KIT

from grader.cli import main  # noqa: E402 - after the path has been settled

if __name__ == "__main__":
    code = main()
    # Taking torch apart object by object takes longer than many a check. And if Ctrl-C came while a
    # string was being executed (dataclasses do that), Python would end itself by the signal in the
    # end, though we have caught it.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # nobody reads it any more
            stream.flush()
    os._exit(code)
