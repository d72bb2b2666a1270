"""The trusted side of the sandbox: starts the template, spawns workers, asks, and holds the clock.

What a worker sends is decoded strictly and judged elsewhere. A worker that breaks the protocol,
dies or takes too long raises ``WorkerLost``; it is killed, and the template reaps it.
"""

import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox import device_access, limits, sharing, wire
from grader.sandbox.stopwatch import Stopwatch

ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from grader.sandbox import template"
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
AT_ONCE = 1 << 16  # bytes to ask for: most answers come whole
POLL_S = 0.05  # how often the worker's clocks are read while we wait
FULL = 0.4  # of the memory that it may have: a worker that dies with so much more ran out of it
OF_A_LIMIT = (signal.SIGXCPU, signal.SIGXFSZ)  # how the kernel ends a process at one


class SandboxError(Exception):
    """The kit's own part of the sandbox failed: never the submission's fault."""


class Stopped(KeyboardInterrupt):
    """Somebody no longer wants to know what a worker answers; it has been ended."""


class WorkerLost(Exception):
    """A worker is gone, and why: ``reason`` is "limit", "deadline", "died" or "protocol".

    A limit is any of ``limits.py``: which one came first may depend on how busy the machine is.
    ``detail`` has the exit code or the signal of a death.
    """

    def __init__(self, reason: str, detail: dict[str, str | float | int]) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def scrubbed_environment(home: str) -> dict[str, str]:
    """All that a worker knows of the environment: no secret, no setting of the user's."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "MPLBACKEND": "Agg",
    }
    environment.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    environment.update(device_access.SETTINGS)
    for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", *device_access.VARIABLES):
        if name in os.environ:
            environment[name] = os.environ[name]
    return environment


class Template:
    """The processes that fork workers. Starting them returns at once; the first use waits.

    Args:
        confine: False leaves out every layer of confinement, to test what happens without.
        landlock: use no newer version of Landlock than this (0: none), as an older kernel would.

    Attributes:
        stop: set from another thread, it ends the worker that is being asked: ``Stopped``.
    """

    def __init__(self, confine: bool = True, landlock: int | None = None) -> None:
        self.confine, self.landlock = confine, landlock
        self.workplace = tempfile.mkdtemp(prefix="gatecheck-")
        sharing.share(self.workplace, sharing.new_group())
        ours, theirs = socket.socketpair()
        our_meta, their_meta = socket.socketpair()
        with theirs, their_meta:
            descriptors = (theirs.fileno(), their_meta.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-c", f"{_START}; template.main{descriptors}", ROOT],
                cwd=self.workplace,
                env=scrubbed_environment(self.workplace),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=descriptors,
                start_new_session=True,
            )
        self.stop = threading.Event()
        self._plain = _Control(self._process, ours, self.stop)
        self._meta = _Control(self._process, our_meta, self.stop)

    @property
    def pid(self) -> int:
        """The template's process id."""
        return self._process.pid

    def serves_meta(self) -> bool:
        """Whether every worker that is spawned from now on can be asked on meta tensors."""
        return self._meta.is_ready()

    def spawn(
        self,
        folder: str,
        exercise: str,
        meta: bool = False,
        by_hand: bool = False,
        device: str = "cpu",
        without: Sequence[str] = (),
        careful: bool = False,
    ) -> "Worker":
        """A confined worker that is about to load ``exercise`` from ``folder``.

        Args:
            meta: fork it from the twin that has got ready for meta tensors. Others come from it too
                as soon as it is ready, because it has imported more.
            by_hand: put autograd out of its reach.
            careful: load the file statement by statement.
            device: an accelerator that it gets ready for, or "cpu".
            without: what it may not use: "threads", torch's own recurrent "layers".

        Raises:
            SandboxError: if the template does not answer.
        """
        meta = meta or self.serves_meta()
        control = self._meta if meta else self._plain
        ours, theirs = socket.socketpair()
        output_read, output_write = os.pipe()
        nonce = secrets.randbits(62)
        order = {
            "folder": folder,
            "exercise": exercise,
            "workplace": self.workplace,
            "nonce": nonce,
            "confine": self.confine,
            "landlock": self.landlock,
            "by_hand": by_hand,
            "careful": careful,
            "device": device,
            "without": list(without),
        }
        try:
            ticket = control.begin({"spawn": order}, [theirs.fileno(), output_write])
        except SandboxError:
            ours.close()
            os.close(output_read)
            raise
        finally:
            theirs.close()
            os.close(output_write)
        return Worker(control, ticket, ours, output_read, nonce, meta, device, careful)

    def close(self) -> None:
        """End the template, and with it every worker."""
        self._plain.socket.close()
        self._meta.socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=limits.CLOSE_WALL_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # the twin, too, if it is still there
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        end = time.monotonic() + limits.CLOSE_WALL_S
        while os.path.exists(self.workplace) and time.monotonic() < end:
            shutil.rmtree(self.workplace, ignore_errors=True)  # a dying twin may still write there
            time.sleep(0.01)


class _Control:
    """One template's control socket: orders out, answers in, in the same order."""

    def __init__(
        self, process: subprocess.Popen, ours: socket.socket, stop: threading.Event
    ) -> None:
        self._process = process
        self.socket = ours
        self.stop = stop
        self._ready = False
        self._lines = b""
        self._begun = self._answered = 0  # orders sent that have an answer; answers received
        self._answers: dict[int, dict] = {}

    def order(self, order: dict, descriptors: list[int]) -> dict:
        """Carry out an order; the first one waits until the template is ready.

        Raises:
            SandboxError: if the template is gone or does not answer.
        """
        return self.result(self.begin(order, descriptors))

    def begin(self, order: dict, descriptors: list[int]) -> int:
        """Send an order; the number under which ``result`` has its answer.

        Raises:
            SandboxError: if the template is gone or does not start.
        """
        if not self._ready:
            self.socket.settimeout(limits.STARTUP_WALL_S)
            self._answer("start")
            self._ready = True
            self.socket.settimeout(limits.REPLY_WALL_S)
        self._send(order, descriptors)
        self._begun += 1
        return self._begun - 1  # they are answered in order

    def result(self, ticket: int) -> dict:
        """The answer to an order that was begun; it can be had once.

        Raises:
            SandboxError: if the template is gone or does not answer.
        """
        while ticket not in self._answers:
            self._answers[self._answered] = self._answer("answer")
            self._answered += 1
        return self._answers.pop(ticket)

    def is_ready(self) -> bool:
        """Whether an order would be carried out at once."""
        return self._ready or bool(select.select([self.socket], [], [], 0)[0])

    def end(self, pid: int) -> dict:
        """Kill and reap a worker; its wait status, and the bytes by which it had grown."""
        return self.order({"end": pid}, [])

    def drop(self, pid: int) -> None:
        """Have a worker killed and reaped, without waiting for it."""
        self._send({"drop": pid}, [])

    def _send(self, order: dict, descriptors: list[int]) -> None:
        try:
            socket.send_fds(self.socket, [json.dumps(order).encode() + b"\n"], descriptors)
        except OSError as error:
            raise SandboxError(f"the sandbox's template process is gone: {error}") from error

    def _answer(self, what: str) -> dict:
        try:
            while b"\n" not in self._lines:
                part = self.socket.recv(65536)
                if not part:
                    raise SandboxError(
                        f"the sandbox's template process ended: {self._last_words()}"
                    )
                self._lines += part
        except TimeoutError as error:
            raise SandboxError(f"the sandbox's template process did not {what} in time") from error
        except OSError as error:
            raise SandboxError(f"the sandbox's template process is gone: {error}") from error
        line, _, self._lines = self._lines.partition(b"\n")
        return json.loads(line)

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired, ValueError, OSError):
            _, errors = self._process.communicate(timeout=2)
            lines = errors.decode(errors="replace").strip().splitlines()
            return lines[-1] if lines else "no message"
        return "no message"


class Worker:
    """One confined process with one exercise file in it.

    ``serves_meta`` says whether it was forked from the twin that has got ready for meta tensors.
    """

    def __init__(
        self,
        control: _Control,
        ticket: int,
        data: socket.socket,
        output: int,
        nonce: int,
        serves_meta: bool,
        device: str = "cpu",
        careful: bool = False,
    ) -> None:
        self._control, self._ticket = control, ticket
        self._pid = 0
        self.serves_meta = serves_meta
        self.careful = careful
        self.device = device
        self.layers: list[str] = []
        self.is_loaded = False
        self.output = b""
        self.output_dropped = 0
        self.called: list[str] = []  # functions of the submission, while a traced call goes on
        self.cpu_used = 0.0
        self.idle_used = 0.0
        self.wall_used = 0.0
        self.header_bytes = 0  # of the last response
        self._data = data
        self._data.setblocking(False)
        self._output = output
        os.set_blocking(output, False)
        self._nonce = nonce
        self._ahead = b""  # received, and not looked at yet

    @property
    def pid(self) -> int:
        """The worker's process id; the first look waits until the template has forked it.

        Raises:
            SandboxError: if the template does not answer.
        """
        if not self._pid:
            self._pid = self._control.result(self._ticket)["pid"]
        return self._pid

    def loaded(self, allowance: limits.Allowance = limits.LOAD) -> wire.Response:
        """Wait until the submission's file is imported; ``error`` in the response says if it was.

        Raises:
            WorkerLost: if the process died, hung, or broke the protocol.
            SandboxError: if it can't use its device.
        """
        hello = self._greeting(allowance)
        if isinstance(hello.value, wire.SequenceNode):
            layers = [node for node in hello.value.items if isinstance(node, wire.TextNode)]
            self.layers = [layer.text for layer in layers]
        response, _ = self._exchange(b"", self._nonce, allowance, whole=self.device == "cpu")
        self.is_loaded = True
        return response

    def _greeting(self, allowance: limits.Allowance) -> wire.Response:
        """The worker's first word, from before it read the submission: its device is ready."""
        if self.device == "cpu":
            return self._exchange(b"", self._nonce, allowance)[0]
        try:
            hello, _ = self._exchange(b"", self._nonce, limits.DEVICE_START)
        except WorkerLost as lost:
            why = f"{lost.reason} {lost.detail}"
            raise SandboxError(f"{self.device} can't be used: {why}") from lost
        if hello.error is not None:
            self.kill()
            why = f"{hello.error.type}: {hello.error.message}"
            raise SandboxError(f"{self.device} can't be used: {why}")
        self.cpu_used = self.idle_used = self.wall_used = 0.0
        return hello

    def ask(
        self, request: wire.Request, payload: bytes, allowance: limits.Allowance = limits.CALL
    ) -> tuple[wire.Response, bytes]:
        """One request, one response with its payload.

        Raises:
            WorkerLost: if the process died, hung, or broke the protocol.
        """
        if self._output < 0:
            raise WorkerLost("died", {})
        self.output, self.output_dropped, self.called = b"", 0, []
        frame = wire.pack(request, payload)
        return self._exchange(frame, request.nonce, allowance, request.result_bytes)

    def drop(self) -> None:
        """End a process that nobody wants to know more of. Safe to call twice, never raises."""
        if self._output >= 0:
            self._data.close()
            os.close(self._output)
            self._output = -1
            with contextlib.suppress(SandboxError):
                self._control.drop(self.pid)

    def kill(self) -> int | None:
        """End the process; its wait status. Safe to call twice."""
        return self._killed()[0]

    def _killed(self) -> tuple[int | None, bool]:
        """End the process; its wait status, and whether it had come to use all its memory."""
        if self._output < 0:
            return None, False
        self._data.close()
        try:
            ended = self._control.end(self.pid)
            self._drain()
        finally:
            os.close(self._output)
            self._output = -1
        return ended["status"], ended["grown"] > FULL * limits.ADDRESS_SPACE_BYTES

    def _exchange(
        self,
        frame: bytes,
        nonce: int,
        allowance: limits.Allowance,
        payload_bytes: int = 0,
        whole: bool = False,
    ) -> tuple[wire.Response, bytes]:
        watch = Stopwatch(self.pid, whole)
        try:
            while True:
                raw = self._transfer(frame, allowance, payload_bytes, watch)
                header, _ = wire.frame_size(raw[:8])
                self.header_bytes = header
                response = wire.unpack_response(raw[8 : 8 + header])
                if response.nonce != nonce:
                    raise wire.ProtocolError("a response to nothing that was asked")
                self.called += response.called
                if len(self.called) > limits.CALLED + 1:
                    raise wire.ProtocolError("more calls than are told")
                if not response.more:
                    break
                frame = b""
        except wire.ProtocolError as error:
            self.kill()
            raise WorkerLost("protocol", {"text": str(error)}) from error
        finally:
            self.wall_used += watch.wall_s
            self.cpu_used += watch.cpu_s
            self.idle_used += watch.idle_s
        self._drain()
        return response, raw[8 + header :]

    def _transfer(
        self, frame: bytes, allowance: limits.Allowance, payload_bytes: int, watch: Stopwatch
    ) -> bytes:
        """Send a frame, receive a frame, reading the output pipe all the while."""
        outgoing = memoryview(frame)[self._send(memoryview(frame)) :]
        incoming, needed = bytearray(self._ahead), wire.PREFIX.size
        poll = select.poll()
        data = self._data.fileno()
        poll.register(self._output, select.POLLIN)
        while True:
            if needed == wire.PREFIX.size <= len(incoming):
                needed += sum(wire.frame_size(bytes(incoming[:needed]), payload_bytes))
            if len(incoming) >= needed > wire.PREFIX.size:
                self._ahead = bytes(incoming[needed:])
                return bytes(incoming[:needed])
            poll.register(data, select.POLLIN | (select.POLLOUT if outgoing else 0))
            events = dict(poll.poll(POLL_S * 1000))
            if events.get(self._output) and not self._drain():
                poll.unregister(self._output)
            if events.get(data, 0) & select.POLLOUT and outgoing:
                outgoing = outgoing[self._send(outgoing) :]
            if events.get(data, 0) & (select.POLLIN | select.POLLHUP | select.POLLERR):
                incoming += self._receive(max(needed - len(incoming), AT_ONCE))
            self._check_clock(allowance, watch)

    def _send(self, data: memoryview) -> int:
        try:
            return self._data.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            raise self._died() from None

    def _receive(self, size: int) -> bytes:
        try:
            data = self._data.recv(min(size, 1 << 20))
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            raise self._died()
        return data

    def _died(self) -> WorkerLost:
        """The connection closed: the process ended, or closed its descriptors and is ended now."""
        time.sleep(0.01)  # let a process that is just exiting show its own exit status
        status, memory = self._killed()
        if status is None:
            return WorkerLost("died", {})
        if memory or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in OF_A_LIMIT):
            return WorkerLost("limit", {})
        if os.WIFSIGNALED(status):
            return WorkerLost("died", {"signal": _signal_name(os.WTERMSIG(status))})
        return WorkerLost("died", {"exit_code": os.WEXITSTATUS(status)})

    def _check_clock(self, allowance: limits.Allowance, watch: Stopwatch) -> None:
        if self._control.stop.is_set():
            self.kill()
            raise Stopped
        wall = watch.wall_s
        if time.monotonic() > allowance.until:
            self.kill()
            raise WorkerLost("deadline", {})
        over = watch.cpu_s > allowance.cpu_s or wall > allowance.wall_s
        if over or (wall > allowance.idle_s and watch.idle_s > allowance.idle_s):
            self.kill()
            raise WorkerLost("limit", {})

    def threads(self) -> int:
        """How many threads the worker has; 0 where the system can't tell."""
        try:
            return len(os.listdir(f"/proc/{self.pid}/task"))
        except OSError:
            return 0

    def _drain(self) -> bool:
        """Read what the worker printed; keep the beginning, count the rest. False at the end."""
        if self._output < 0:
            return False
        for _ in range(64):  # at most 4 MiB at a time, so that a flood can't hold us here
            try:
                part = os.read(self._output, 65536)
            except BlockingIOError:
                return True
            if not part:
                return False
            room = limits.OUTPUT_BYTES - len(self.output)
            self.output += part[:room]
            self.output_dropped += max(0, len(part) - room)
        return True


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
