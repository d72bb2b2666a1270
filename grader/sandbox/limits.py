"""Every limit that a submission runs under, in one table.

Seconds are of two kinds, and a busy machine adds to neither: those of a processor, and idle ones,
in which a worker waits for something else than a processor (``stopwatch.py``).
"""

import dataclasses
import math

MIB = 1 << 20

LOAD_CPU_S = 6.0  # to import one exercise file
LOAD_IDLE_S = 6.0
CALL_CPU_S = 3.0  # one call of one function: the slowest right one takes a twentieth of it
CALL_IDLE_S = 5.0
TRACED_CPU_S = 1.0  # to see which functions a failing call calls
TRACED_IDLE_S = 2.0
DEVICE_CALL_CPU_S = 10.0  # on an accelerator, whose kernels may be compiled in the first call
DEVICE_CALL_IDLE_S = 20.0
FUNCTION_CPU_S = 15.0  # all calls of one function
FUNCTION_IDLE_S = 25.0
DEVICE_FUNCTION_CPU_S = 50.0
DEVICE_FUNCTION_IDLE_S = 100.0
DEVICE_START_CPU_S = 30.0  # an accelerator's driver, before the file is loaded
DEVICE_START_IDLE_S = 60.0
BUSY = 15  # a machine is never so busy that a second takes longer than this
ENDED_BY_KERNEL_CPU_S = 120  # of a whole worker, should the trusted side die
STARTUP_WALL_S = 60.0  # `import torch` on a cold disk
CLOSE_WALL_S = 5.0  # the template kills its workers and leaves
REPLY_WALL_S = 20.0  # the template only forks and reaps: anything longer means that it was hurt

HEADER_BYTES = 256 * 1024  # the structure of a message: bounds how many objects decoding can make
PAYLOAD_BYTES = 16 * MIB  # the tensors of a message, as raw bytes
RESULT_BYTES = 4 * MIB  # what one call may return, unless the caller asks for more
ITEMS = 20_000  # nodes in one result
DEPTH = 12  # lists within lists
TEXT_CHARS = 20_000  # one string in a result
ERROR_CHARS = 2_000  # an exception's message
FRAMES = 8  # a traceback's frames
NAME_CHARS = 80  # of a function or an exception's class
LINE_CHARS = 200  # of a line of the source
PATH_CHARS = 4096
SIBLINGS = 50  # other files of the submission that are named
LEFT_OUT = 50  # statements of a file that could not be loaded as a whole
CALLED = 200  # functions of the submission that one call is seen to call
OUTPUT_BYTES = 16 * 1024  # printed output that is kept of one call; the rest is read and dropped

SOURCE_BYTES = 1 * MIB  # one file of a submission
SOURCE_FILES = 200
SOURCE_DEPTH = 4

ADDRESS_SPACE_BYTES = 512 * MIB  # beyond what the template already maps
TASKS = 64  # threads and processes
OPEN_FILES = 128
DEVICE_TASKS = 256  # a driver starts threads of its own
DEVICE_OPEN_FILES = 1024  # and opens a file for every channel
FILE_BYTES = 1 * MIB


@dataclasses.dataclass(frozen=True)
class Allowance:
    """How long one request may take, in seconds of a processor and in idle ones.

    ``until`` is a moment of the monotonic clock at which the whole run ends.
    """

    cpu_s: float
    idle_s: float
    until: float = math.inf

    @property
    def wall_s(self) -> float:
        """What it may take by the clock on the wall, however busy the machine is."""
        return BUSY * (self.cpu_s + self.idle_s)


LOAD = Allowance(LOAD_CPU_S, LOAD_IDLE_S)
CALL = Allowance(CALL_CPU_S, CALL_IDLE_S)
TRACED = Allowance(TRACED_CPU_S, TRACED_IDLE_S)
DEVICE_CALL = Allowance(DEVICE_CALL_CPU_S, DEVICE_CALL_IDLE_S)
FUNCTION = Allowance(FUNCTION_CPU_S, FUNCTION_IDLE_S)
DEVICE_FUNCTION = Allowance(DEVICE_FUNCTION_CPU_S, DEVICE_FUNCTION_IDLE_S)
DEVICE_START = Allowance(DEVICE_START_CPU_S, DEVICE_START_IDLE_S)
