"""The sandbox runs a submission's functions in confined processes; values come back, no objects.

Theory of operation
-------------------
Three kinds of process::

    trusted process ── control socket ──► template ── fork ──► worker (untrusted, one a function)
          └───────────────── data socket, one output pipe ────────┘

* The **template** (``template.py``) imports torch once, with a scrubbed environment, and never sees
  ``solutions/``. It only forks, kills and reaps.
* The **worker** (``worker.py``) confines itself (``confinement.py``) before it reads a line of the
  submission, loads the submission's file and then answers requests: a function's name and
  arguments in, the result's values and gradients out.
* The **trusted process** (``client.py``) holds the worker's data socket. It decodes what comes back
  with a strict, size-limited codec (``wire.py``, ``values.py``); it has the clock and kills what
  takes too long (``limits.py``).

Whatever a submission does, it can only choose which bytes it sends. They are judged as values.
Nothing here imports from the rest of the grader, and nothing here has seen the reference.
"""
