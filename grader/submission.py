"""A submission as checks see it: exercises whose functions can be asked, and nothing more.

Each function runs in a worker of its own, so what one function does to its process (patches,
crashes, hangs) costs no other function. Values come back; the submission's code stays there.
"""

import contextlib
import dataclasses
import math
import secrets
import time
import zlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import torch

from grader import limits_met, weighing
from grader.exchanges import PRINTED_BYTES, Exchange, Exchanges
from grader.findings import Call, CheckStopped, Finding, Place
from grader.nested import map_tensors, tensors_in
from grader.partly import Partly, is_no_python
from grader.sandbox import client, devices, limits, reading, values, wire
from grader.sandbox.wire import TensorNode
from grader.snapshot import Snapshot

WORKERS_KEPT = 2
_META = 1_000_000  # the number before a function's first call on meta tensors
METHODS = ("__init__", "forward")  # of a class that is asked for: stubs stand there, too


@dataclasses.dataclass(frozen=True, eq=False)
class Returned:
    """A tensor that came back from a worker: its description, its data (None on meta) and grad."""

    node: TensorNode
    data: torch.Tensor | None
    grad: Any = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return tuple(self.node.shape)

    def unbind(self, shape: tuple[int, ...], count: int) -> list["Returned"]:
        """The ``count`` tensors of ``shape`` that this one holds in a row."""
        node = _reshaped(self.node, list(shape))
        if self.data is None:
            return [Returned(node, None)] * count
        return [Returned(node, part) for part in self.data.reshape(count, *shape).unbind(0)]


def _reshaped(node: TensorNode, shape: list[int]) -> TensorNode:
    return TensorNode(
        *(node.dtype, shape, node.nbytes, node.device, node.kind),
        *(node.requires_grad, node.is_leaf, node.storage),
        start=node.start,
    )


@dataclasses.dataclass(frozen=True)
class StandIn:
    """An argument that is made in the sandbox (``sandbox/standins.py``).

    ``label`` is how messages show it.
    """

    name: str
    values: tuple[Any, ...]
    label: str = ""


@dataclasses.dataclass(frozen=True)
class Generator:
    """An argument that arrives as a generator over these items: it can be read once."""

    items: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, eq=False)
class WithGrad:
    """An argument that is a leaf with a gradient already accumulated (None: without one)."""

    value: torch.Tensor
    grad: torch.Tensor | None


@dataclasses.dataclass
class Answer:
    """What one call returned.

    Attributes:
        call: the function and its arguments, for messages.
        value: the result; tensors as ``Returned``.
        gradients: for each argument tensor that requires one, in order: ``Returned`` or None.
        mutated: names of the arguments that the call changed.
        arguments: the arguments as they were after the call, where that was asked for.
        dtype: the floating dtype that the arguments had.
        rebound: names of the arguments with a ``.grad`` that is not the tensor that was given.
        on_meta: whether the arguments were on the meta device.
        device: where the arguments were, "cpu" or an accelerator.
        program, constants: the operations of a recorded call, packed, as the worker wrote them
            down (``sandbox/recording.py``).
        exchange: what crossed the boundary, if that is kept.
    """

    call: Call
    value: Any
    gradients: list[Returned | None]
    mutated: list[str]
    arguments: dict[str, Any]
    dtype: torch.dtype
    rebound: list[str]
    on_meta: bool = False
    program: bytes = b""
    constants: list[Returned] = dataclasses.field(default_factory=list)
    device: str = devices.CPU
    exchange: Exchange | None = None


@dataclasses.dataclass(frozen=True)
class Operation:
    """What to do with an object that an earlier call returned (``sandbox/handles.py``).

    ``label`` is what messages call it: "RNNModel(…)".
    """

    name: str
    handle: values.Handle
    label: str


class Submission:
    """A folder of exercise files, copied and ready to be asked.

    ``shrink`` says whether the smallest failing case is looked for: verdicts are the same without.
    ``upcoming`` is the exercise that will be asked next, and whether on meta tensors: its worker
    is started ahead. ``timing`` says whether clocks are looked at, ``control`` how this machine's
    last comparison of the reference with itself came out, and ``timed`` keeps the pairs of seconds
    (the submission's and the reference's) by function. ``allowance`` is what one call may take, if
    it is less than usual; ``run_until`` says when the run ends.

    Args:
        functions: the functions of each exercise of the syllabus, so that a missing file can stand
            in as untouched.
        by_hand: the exercises that do without autograd.
        isolated: a worker for each function; else those of one file share theirs while it answers.
        device: where the functions compute, "cpu" or an accelerator.
        session: a running notebook, whose exercises take the place of the folder's.
    """

    def __init__(
        self,
        folder: Path,
        template: client.Template,
        seed: int,
        shrink: bool = True,
        functions: dict[str, list[str]] | None = None,
        by_hand: Collection[str] = (),
        isolated: bool = True,
        device: str = devices.CPU,
        session: Path | None = None,
    ) -> None:
        self.functions = functions or {}
        expected = {f"{name}.py": names for name, names in self.functions.items()}
        self.snapshot = Snapshot(folder, expected, session)
        self.template = template
        self.seed = seed
        self.shrink = shrink
        self.by_hand = by_hand
        self.isolated = isolated
        self.device = device
        self.layers: list[str] | None = None
        self._exercises: dict[str, Exercise] = {}
        self._live: list[Function] = []
        self._counting: Function | None = None
        self._spare: tuple[str, client.Worker] | None = None
        self.upcoming: tuple[str, bool] | None = None
        self.timing = False
        self.control: float | None = None
        self.timed: dict[str, tuple[tuple[float, float], ...]] = {}
        self.allowance: limits.Allowance | None = None
        self.latest: Answer | None = None  # what came back last, for a check that can't read it
        self.checking = ""  # the id of the check that is running
        self._run_s, self._end = math.inf, math.inf
        self._companions: dict[str, Submission] = {}

    def run_until(self, seconds: float) -> None:
        """From now on the run may take so many seconds; what is asked later meets its deadline."""
        self._run_s, self._end = seconds, time.monotonic() + seconds

    def check_deadline(self) -> None:
        """Go on if there is time left.

        Raises:
            CheckStopped: if the run's time is up.
        """
        if time.monotonic() > self._end:
            raise CheckStopped(self.deadline())

    def deadline(self) -> Finding:
        """The finding on what is left when the run's time is up."""
        return limits_met.of_run(self._run_s)

    def allowed(self, device: str) -> limits.Allowance:
        """What one call may take on a device."""
        usual = limits.CALL if device == devices.CPU else limits.DEVICE_CALL
        return dataclasses.replace(self.allowance or usual, until=self._end)

    @contextlib.contextmanager
    def unobserved(self) -> Iterator[None]:
        """What is asked meanwhile does not count as asked by the check that is running."""
        check, self.checking = self.checking, ""
        try:
            yield
        finally:
            self.checking = check

    def has_room(self, exchanges: Exchanges) -> bool:
        """Whether a function's exchanges may grow: they are few, or those of the run are."""
        if exchanges.size < weighing.FUNCTION_BYTES:
            return True
        every = (f for e in self._exercises.values() for f in e.asked)
        return sum(function.exchanges.size for function in every) < weighing.KEPT_BYTES

    def prepare(self) -> None:
        """Start the worker that ``upcoming`` names, to load while the present one is asked."""
        if self.upcoming is None or self._spare_fits(*self.upcoming):
            return
        exercise, meta = self.upcoming
        if meta and not self.template.serves_meta():
            return  # to wait for it would cost more than is won
        if self.exercise(exercise).stopped is None:
            self._drop_spare()
            self._spare = (exercise, self._spawn(exercise, meta))

    def spare_worker(self, exercise: str, meta: bool) -> client.Worker:
        """The worker that was prepared for this exercise, or a new one."""
        if self._spare and self._spare_fits(exercise, meta):
            worker, self._spare = self._spare[1], None
            return worker
        return self._spawn(exercise, meta)

    def _spare_fits(self, exercise: str, meta: bool) -> bool:
        if self._spare is None or self._spare[0] != exercise:
            return False
        if self._spare[1].careful != (self.exercise(exercise).partly is not None):
            return False
        return self._spare[1].serves_meta or not meta

    def counting_worker(self, exercise: str, without: Collection[str]) -> client.Worker:
        """A worker whose operations are written down, and in which some things are not to be had.

        In a thread nobody would see them, so it has none.
        """
        folder, by_hand = str(self.snapshot.folder), exercise in self.by_hand
        denied = sorted({"threads", *without})
        careful = self.exercise(exercise).partly is not None
        return self.template.spawn(
            folder, exercise, by_hand=by_hand, without=denied, careful=careful
        )

    def _spawn(self, exercise: str, meta: bool) -> client.Worker:
        by_hand = exercise in self.by_hand
        where = self.device_of(exercise)
        careful = self.exercise(exercise).partly is not None
        folder = str(self.snapshot.folder)
        return self.template.spawn(folder, exercise, meta, by_hand, where, careful=careful)

    def device_of(self, exercise: str) -> str:
        """Where an exercise computes: by hand on the CPU, for its worker may start no threads."""
        return devices.CPU if exercise in self.by_hand else self.device

    def give_back(self, exercise: str, worker: client.Worker) -> None:
        """Take a worker that has met nothing but stubs, for the next function of that exercise."""
        self._drop_spare()
        self._spare = (exercise, worker)

    def _drop_spare(self) -> None:
        if self._spare:
            self._spare[1].drop()
            self._spare = None

    def exercise(self, name: str) -> "Exercise":
        """The exercise called ``name``; it need not exist in the submission."""
        if name not in self._exercises:
            self._exercises[name] = Exercise(self, name)
        return self._exercises[name]

    def companion(self, name: str, folder: Path) -> "Submission":
        """Code of the kit's own that runs in the sandbox beside this submission, and ends with it.

        It has workers of its own, which the submission can't reach.
        """
        if name not in self._companions:
            self._companions[name] = Submission(
                folder, self.template, self.seed, device=self.device
            )
            self._companions[name]._run_s, self._companions[name]._end = self._run_s, self._end
        return self._companions[name]

    def beside(self, folder: Path) -> "Submission":
        """Another submission to be asked in the same way, which its user closes."""
        other = Submission(
            *(folder, self.template, self.seed, False, None, self.by_hand, self.isolated),
            device=self.device,
        )
        other.timing, other.allowance = self.timing, self.allowance
        other._run_s, other._end = self._run_s, self._end
        other._run_s, other._end = self._run_s, self._end
        return other

    def _drop_companions(self) -> None:
        for companion in self._companions.values():
            companion.close()
        self._companions.clear()

    def close(self) -> None:
        """End all workers and remove the copy."""
        self._drop_companions()
        self._drop_spare()
        for function in self._with_workers():
            function.close()
        self.snapshot.close()

    def forget_workers(self) -> None:
        """After the template broke down: its workers are gone, ask new ones."""
        self._drop_companions()
        self._drop_spare()
        for function in self._with_workers():
            function.abandon()
        self._live.clear()

    def _with_workers(self) -> list["Function"]:
        return [*self._live, *([self._counting] if self._counting else [])]

    def left_out(self) -> dict[str, Partly]:
        """The exercises that were loaded in part, with what was left out of each."""
        return {name: e.partly for name, e in self._exercises.items() if e.partly is not None}

    def printed(self) -> dict[str, bytes]:
        """What the submission printed while its files were loaded, by exercise."""
        return {name: exercise.printed for name, exercise in self._exercises.items()}

    def keep(self, function: "Function") -> None:
        """Note that a function has a live worker; end the longest unused one beyond the limit."""
        if function.without is not None:
            if self._counting not in (None, function):
                self._counting.close()
            self._counting = function
            return
        if function in self._live:
            self._live.remove(function)
        self._live.append(function)
        while len(self._live) > WORKERS_KEPT:
            self._live[0].close()

    def make_way(self, function: "Function") -> None:
        """Before a function gets a worker: unless it wants its own, let its neighbours leave."""
        for other in [] if self.isolated else list(self._live):
            if other.exercise is function.exercise:
                other.retire()

    def dropped(self, function: "Function") -> None:
        """Note that a function's worker is gone."""
        if function in self._live:
            self._live.remove(function)


class Exercise:
    """One exercise file. ``exercise.update_gate(...)`` asks that function.

    ``counts`` says that its functions are asked only to be counted.
    """

    def __init__(self, submission: Submission, name: str, counts: bool = False) -> None:
        self.submission = submission
        self.name = name
        self.counts = counts
        self.stopped: Finding | None = self._rejection()
        self.partly: Partly | None = None
        self.printed = b""
        self.siblings: set[str] = set()
        self.hard_cases: dict[str, Any] = {}
        self.noted: dict[str, Any] = {}  # what checks have found out, for others of the same run
        self.untouched = False  # whether the function asked last was a stub
        self._functions: dict[str, Function] = {}

    def function(self, name: str) -> "Function":
        """The function called ``name``; it need not exist."""
        if name not in self._functions:
            self._functions[name] = Function(self, name)
        return self._functions[name]

    def fresh(self, name: str) -> "Function":
        """That function with a worker and a budget of its own, and no memory of earlier calls.

        Of the kit's own code: what it is asked for one function must cost no other one.
        """
        self.stopped = self._rejection()
        return Function(self, name)

    def counting(self, name: str, without: Collection[str] = ()) -> "Function":
        """That function in a worker for counting; what it meets there is said of nothing else."""
        return Function(Exercise(self.submission, self.name, counts=True), name, without)

    def __getattr__(self, name: str) -> "Function":
        if name.startswith("_"):
            raise AttributeError(name)
        return self.function(name)

    def met(self, siblings: list[str]) -> None:
        """Note which of the submission's other exercises have been imported."""
        if len(self.siblings) < limits.SOURCE_FILES:
            self.siblings.update(siblings)

    @property
    def asked(self) -> Iterable["Function"]:
        """Its functions that were asked so far, or looked for."""
        return self._functions.values()

    @property
    def shown(self) -> str:
        """The file that it stands in, by the submission's name for it."""
        return self.submission.snapshot.shown(f"{self.name}.py")

    def _rejection(self) -> Finding | None:
        file = f"{self.name}.py"
        snapshot = self.submission.snapshot
        rejected = snapshot.rejected.get(file)
        if rejected:
            fields = {"file": file, **rejected.fields}
            return Finding(rejected.code, fields, status="error", of_file=True)
        if not snapshot.has(file):
            fields = {"file": file, "name": self.name}
            return Finding(snapshot.lacks(file).code, fields, status="not_started")
        return None


class Function:
    """One function of the submission, in a worker of its own once it is asked.

    Args:
        without: it is asked only to be counted, and can't use these; None for any other function.
    """

    def __init__(
        self, exercise: Exercise, name: str, without: Collection[str] | None = None
    ) -> None:
        self.exercise = exercise
        self.name = name
        self.without = without
        self.stopped: Finding | None = None
        self.answered = False
        self.cache: dict[Any, Any] = weighing.Remembered()
        self.off_device: Finding | None = None  # what it raised on an accelerator, not on the CPU
        self.exchanges = Exchanges()
        self.last_call: Call | None = None
        self.spent: Finding | None = None  # all its calls together took too long
        self.crossed: Exchange | None = None  # the last one
        self._worker: client.Worker | None = None
        self._cpu_used = 0.0
        self._idle_used = 0.0
        self._used = False  # whether the worker was asked on anything but meta tensors
        self._calls, self._meta_calls = 0, _META
        self._first: Call | None = None

    def __call__(self, *arguments: Any) -> Answer:
        """Ask with positional arguments; they are called by number in messages."""
        return self.ask({f"#{index}": value for index, value in enumerate(arguments, 1)})

    def ask(
        self,
        arguments: dict[str, Any],
        *,
        operation: "Operation | None" = None,
        cotangent: torch.Tensor | None = None,
        take: int = 0,
        report_arguments: bool = False,
        result_bytes: int = limits.RESULT_BYTES,
        record: bool = False,
        place: str | None = None,
        prints: tuple[str, ...] = (),
    ) -> Answer:
        """Call the function with ``arguments`` (names are for messages, the call is positional).

        On an accelerator a function that raises, and does not on the CPU, is asked on the CPU from
        then on: its device is wrong, and costs once. What an accelerator can't hold is asked on the
        CPU, too.

        Args:
            operation: not a call of the function, but of what an earlier call returned.
            cotangent: flat weights of all floating results, to get gradients (see wire.Request).
            take: draw at most so many items from a result that is an iterator.
            report_arguments: also return the arguments as they are after the call.
            record: have the call's operations written down; on the CPU, where they are the same.
            place: the device for the arguments; by default where the exercise computes.
            prints: how texts begin that it prints, if what it prints is looked at.

        Raises:
            CheckStopped: if the function raised, crashed, hung, or is not there.
        """
        options = (operation, cotangent, take, report_arguments, result_bytes, record, prints)
        place = place or self.home
        if place == devices.MIRROR:
            return self._ask(arguments, *options, place)
        if place != devices.CPU and (record or _needs_cpu(arguments, place)):
            place = devices.CPU
        try:
            return self._ask(arguments, *options, place)
        except CheckStopped as stopped:
            if operation or place == devices.CPU or stopped.finding.code != "raised":
                raise
            answer = self._ask(arguments, *options, devices.CPU)
            self.off_device = stopped.finding
            return answer

    @property
    def home(self) -> str:
        """Where this function is asked."""
        here = self.exercise.submission.device_of(self.exercise.name)
        return devices.CPU if self.off_device else here

    @property
    def probe(self) -> str:
        """Where its device is checked: on the accelerator, or on ``meta`` where there is none."""
        here = self.exercise.submission.device_of(self.exercise.name)
        return "meta" if here == devices.CPU else here

    def _ask(
        self,
        arguments: dict[str, Any],
        operation: "Operation | None",
        cotangent: torch.Tensor | None,
        take: int,
        report_arguments: bool,
        result_bytes: int,
        record: bool,
        prints: tuple[str, ...],
        place: str,
    ) -> Answer:
        self._check_open()
        name = operation.label if operation else self.name
        call = self.last_call = Call(name, arguments, operation=operation, take=take)
        self._first = self._first or call
        given = [operation.handle] if operation else []
        places = _devices_in(arguments)
        worker = self._ready_worker(call, meta="meta" in places or place == devices.MIRROR)
        encoder = _ArgumentEncoder()
        number = self._number("meta" in places)
        request = wire.Request(
            nonce=secrets.randbits(62),
            function=operation.name if operation else self.name,
            arguments=[encoder.encode(value) for value in [*given, *arguments.values()]],
            seed=zlib.crc32(f"{self.exercise.submission.seed}{self.name}{number}".encode()),
            cotangent=encoder.encode(cotangent),
            take=take,
            report_arguments=report_arguments,
            result_bytes=result_bytes,
            record=record,
            device=place,
        )
        self.crossed = None
        response, payload = self._exchange(worker, request, encoder.payload, call)
        here = {devices.CPU, "meta"}  # others can't be asked on this side
        if place != devices.MIRROR and places <= here:
            again = msgspec.structs.replace(request, device=devices.CPU, record=False)
            self.crossed = Exchange(
                *(again, encoder.payload, response, payload),
                on_meta="meta" in places,
                number=number,
                header_bytes=worker.header_bytes,
                starts=prints,
                printed=worker.output[:PRINTED_BYTES] if prints else b"",
            )
            self.recall(self.crossed)
        call = dataclasses.replace(call, printed=worker.output, dropped=worker.output_dropped)
        if response.error is not None:
            raise CheckStopped(self._raised(response.error, call, place))
        self.answered, self.exercise.untouched = True, False
        answer = self._answer(request, response, payload, call, encoder.payload)
        answer.device, answer.exchange = place, self.crossed
        answer.on_meta = answer.on_meta or place == devices.MIRROR
        self.exercise.submission.latest = answer
        return answer

    def called(self, call: Call | None) -> list[str]:
        """The submission's functions that a call of this one calls, as "gru.reset_gate".

        It is asked once more, watched, in a new worker if it ended the last one. What it answers
        is of no interest. A name that is empty behind the dot stands for a file that is not there.

        Args:
            call: one that failed; None for the latest.
        """
        call = call or self.last_call
        if call is None or self.exercise.stopped is not None:
            return []
        given = [call.operation.handle] if call.operation else []
        encoder = _ArgumentEncoder()
        try:
            self.exercise.submission.check_deadline()
            worker = self._ready_worker(call, meta=_uses_meta(call.arguments))
        except CheckStopped:
            return []
        request = wire.Request(
            nonce=secrets.randbits(62),
            function=call.operation.name if call.operation else self.name,
            arguments=[encoder.encode(value) for value in [*given, *call.arguments.values()]],
            seed=self.exercise.submission.seed % 2**32,
            cotangent=wire.NoneNode(),
            take=call.take,
            device=devices.CPU if _needs_cpu(call.arguments, self.home) else self.home,
            traced=True,
        )
        try:
            until = self.exercise.submission.allowed(worker.device).until
            allowed = dataclasses.replace(limits.TRACED, until=until)
            worker.ask(request, encoder.payload, allowed)
        except client.WorkerLost:
            self.close()
        return [name for name in worker.called if name != f"{self.exercise.name}.{self.name}"]

    def _number(self, on_meta: bool) -> int:
        """The number of the next call. When those on meta tensors come is chance, so they count
        by themselves, after the others."""
        if on_meta:
            self._meta_calls += 1
            return self._meta_calls
        self._calls += 1
        return self._calls

    def _check_open(self) -> None:
        """Go on if this function can still be asked.

        Raises:
            CheckStopped: if not, with the reason.
        """
        finding = self.stopped or self.exercise.stopped
        if finding is not None:
            raise CheckStopped(finding)
        self.exercise.submission.check_deadline()

    def recall(self, exchange: Exchange | None) -> None:
        """Note that the check that is running looks at an answer, perhaps one of before."""
        submission = self.exercise.submission
        if exchange is not None and submission.has_room(self.exchanges):
            self.exchanges.add(submission.checking, exchange)

    def carry_out(self, order: wire.Timing) -> tuple[Any, float, float]:
        """One step of a timed sample (``sandbox/timing.py``).

        Returns:
            what came back; the seconds that it took and those of processor time that the worker
            used, by this side's clocks.

        Raises:
            CheckStopped: if the function raised, crashed, hung, or is not there.
        """
        self._check_open()
        call = Call(self.name, {})
        worker = self._ready_worker(call, meta=False)
        request = wire.Request(
            nonce=secrets.randbits(62),
            function=self.name,
            arguments=[],
            seed=order.seed,
            cotangent=wire.NoneNode(),
            device=self.home,
            timed=order,
        )
        response, payload = self._exchange(worker, request, b"", call)
        if response.error is not None:
            raise CheckStopped(self._raised(response.error, call, self.home))
        value = self._answer(request, response, payload, call, b"").value
        return value, worker.wall_used, worker.cpu_used

    @property
    def cpu_of_last_call(self) -> float:
        """Seconds of processor time that the last call took; 0 where the system can't tell."""
        return self._worker.cpu_used if self._worker else 0.0

    def threads(self) -> int:
        """How many threads this function's worker has now; 0 where the system can't tell."""
        return self._worker.threads() if self._worker else 0

    @property
    def pid(self) -> int:
        """The process id of this function's worker; it has one from its first call on."""
        assert self._worker is not None
        return self._worker.pid

    def close(self) -> None:
        """End this function's worker."""
        self.cache.clear()
        self._end_worker()
        self.exercise.submission.dropped(self)

    def retire(self) -> None:
        """Leave the worker to the file's next function."""
        self.cache.clear()
        self._give_back()

    def _end_worker(self) -> None:
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.drop()

    def _give_back(self) -> None:
        """Let the next function of the file have this one's worker."""
        if self.without is not None:
            self._end_worker()
        if self._worker is not None:
            worker, self._worker = self._worker, None
            self.exercise.submission.dropped(self)
            self.exercise.submission.give_back(self.exercise.name, worker)

    def abandon(self) -> None:
        """Forget a worker that the template can't reap any more."""
        self.cache.clear()
        self._end_worker()

    def _answer(
        self,
        request: wire.Request,
        response: wire.Response,
        payload: bytes,
        call: Call,
        sent: bytes,
    ) -> Answer:
        names = list(call.arguments)
        if request.function.startswith("@"):
            names.insert(0, call.function)  # what the operation is done with
        try:
            read = reading.read(request, response, payload, Returned, sent)
        except Exception:  # whatever a forged answer can lead to
            raise CheckStopped(self._lost(client.WorkerLost("protocol", {}), call)) from None
        return Answer(
            call,
            read.value,
            read.gradients,
            [names[index] for index in sorted({*response.mutated, *read.changed})],
            dict(zip(names, read.arguments, strict=False)),
            _floating_dtype(call.arguments),
            [names[index] for index in response.rebound],
            _uses_meta(call.arguments),
            response.program,
            read.constants,
        )

    def _ready_worker(self, call: Call, meta: bool) -> client.Worker:
        submission = self.exercise.submission
        used = self._used and call.operation is None  # which needs what an earlier call made there
        if self._worker is not None and meta and (not self._worker.serves_meta or used):
            self._end_worker()  # whether the twin is ready is chance: it is a new one in any case
        if self._worker is None:
            if self.without is not None:
                worker = submission.counting_worker(self.exercise.name, self.without)
            else:
                submission.make_way(self)
                worker = submission.spare_worker(self.exercise.name, meta)
            self._worker, self._used = worker, False
            if submission.isolated and self.without is None and not self.exercise.untouched:
                submission.prepare()
            if not worker.is_loaded:
                self._load(worker, call)
        submission.keep(self)
        self._used = self._used or (submission.isolated and not meta)
        return self._worker

    def _load(self, worker: client.Worker, call: Call) -> None:
        submission = self.exercise.submission
        until = submission.allowed(worker.device).until
        try:
            response = worker.loaded(dataclasses.replace(limits.LOAD, until=until))
        except client.WorkerLost as lost:
            finding = self._lost(lost, None, loading=True)
            if lost.reason != "deadline" and self._load_partly(finding, call, worker.serves_meta):
                return
            if lost.reason != "deadline":
                self.exercise.stopped = finding
            raise CheckStopped(finding) from None
        except client.SandboxError:
            self._end_worker()  # another try gets another worker
            raise
        submission.layers = worker.layers
        self.exercise.met(response.siblings)
        self.exercise.printed = worker.output
        if response.error is not None:
            self.close()
            finding = self._load_error(response.error)
            if not self._load_partly(finding, call, worker.serves_meta):
                self.exercise.stopped = finding
                raise CheckStopped(finding)
            return
        if self.exercise.partly is not None:
            self.exercise.partly.note(response.left_out, self.exercise.submission.snapshot)

    def _load_partly(self, finding: Finding, call: Call, meta: bool) -> bool:
        """After a file could not be loaded as a whole: load what can be, once and from now on.

        Args:
            finding: why it could not be loaded.

        Returns:
            Whether that was done; not if it was tried before, if the file is no Python at all, or
            if it has none of the functions.
        """
        exercise, submission = self.exercise, self.exercise.submission
        names = submission.functions.get(exercise.name, [self.name])
        if exercise.partly is not None or is_no_python(finding, f"{exercise.name}.py"):
            return False
        if not submission.snapshot.binds(f"{exercise.name}.py", names):
            return False
        self.exercise.partly = Partly(finding)
        self.stopped = None
        self._worker = self.exercise.submission.spare_worker(self.exercise.name, meta)
        self._load(self._worker, call)
        return True

    def _exchange(
        self, worker: client.Worker, request: wire.Request, payload: bytes, call: Call
    ) -> tuple[wire.Response, bytes]:
        allowed = self.exercise.submission.allowed(worker.device)
        worker.cpu_used = worker.idle_used = worker.wall_used = 0.0
        try:
            response, data = worker.ask(request, payload, allowed)
        except client.WorkerLost as lost:
            call = dataclasses.replace(call, printed=worker.output, dropped=worker.output_dropped)
            raise CheckStopped(self._lost(lost, call)) from None
        finally:
            self._cpu_used += worker.cpu_used
            self._idle_used += worker.idle_used
        self._check_budget(allowed)
        self.exercise.met(response.siblings)
        return response, data

    def _check_budget(self, allowed: limits.Allowance) -> None:
        """End a function whose calls took too long together: at which of them depends on chance.

        So all its checks are to come to the same (``spent``), as if the first had met the limit.

        Raises:
            CheckStopped: if they did.
        """
        most = limits.FUNCTION if self.home == devices.CPU else limits.DEVICE_FUNCTION
        if self._cpu_used > most.cpu_s or self._idle_used > most.idle_s:
            self.spent = limits_met.of_call(self.name, self._first, allowed)
            self._end_here(self.spent)

    def _end_here(self, finding: Finding) -> None:
        """Ask no more.

        Raises:
            CheckStopped: always.
        """
        self.close()
        self.stopped = finding
        raise CheckStopped(finding)

    def _lost(self, lost: client.WorkerLost, call: Call | None, loading: bool = False) -> Finding:
        """A crash or a hang: the function is not tried again."""
        submission, place = self.exercise.submission, self.home
        self.close()
        if lost.reason == "deadline":
            return submission.deadline()
        if lost.reason == "limit":
            allowed = submission.allowed(place)
            shown = self.exercise.shown
            by_call = limits_met.of_call(self.name, call, allowed)
            self.stopped = limits_met.of_load(shown) if loading else by_call
            return self.stopped
        where = "load_" if loading else ""
        code = lost.reason
        if code == "died":
            code = "died_signal" if "signal" in lost.detail else "died_exit"
        fields: dict[str, Any] = {"function": self.name, "file": self.exercise.shown}
        fields.update({"exit_code": "?", **lost.detail})
        self.stopped = Finding(where + code, fields, status="error", call=call, of_file=loading)
        return self.stopped

    def _raised(self, error: wire.RaisedError, call: Call, place: str) -> Finding:
        missing = error.not_implemented and error.message == "missing" and not error.frames
        own = bool(error.frames) and error.frames[-1].function in (self.name, *METHODS)
        if error.not_implemented and not self.answered and (missing or own):
            code = "function_missing" if missing else "stub"
            fields = {"function": self.name, "file": self.exercise.shown}
            places = self._places(error)
            self.stopped = Finding(code, fields, status="not_started", places=places)
            self.exercise.untouched = True  # a stub has done nothing to its worker
            self._give_back()
            return self.stopped
        fields = {"type": error.type, "text": error.message}
        finding = Finding("raised", fields, status="error", call=call, places=self._places(error))
        if place != devices.CPU and devices.is_out_of_memory(error.type, error.message):
            self._end_worker()
            return dataclasses.replace(finding, code="device_memory", fields={"device": place})
        if place != devices.CPU and devices.is_poisoned(error.type, error.message):
            self._end_worker()
        elif limits_met.raised(error, self._has_threads):
            allowed = self.exercise.submission.allowed(place)
            self._end_here(limits_met.of_call(self.name, call, allowed))
        return finding

    @property
    def _has_threads(self) -> bool:
        """Whether it may start threads: not by hand, and not where it is counted."""
        return self.without is None and self.exercise.name not in self.exercise.submission.by_hand

    def _places(self, error: wire.RaisedError) -> list[Place]:
        """The lines of the submission that an exception went through, outermost first."""
        place = self.exercise.submission.snapshot.place
        frames = error.frames[: limits.FRAMES]
        return [place(f.file, f.line, f.function, f.source) for f in frames]

    def _load_error(self, error: wire.RaisedError) -> Finding:
        if limits_met.raised(error, self._has_threads):
            return limits_met.of_load(self.exercise.shown)
        own = f"{self.exercise.name}.py"
        file = error.frames[-1].file if error.frames else own
        text = self.exercise.submission.snapshot.counted_anew(file, error.message)
        fields = {"type": error.type, "text": text, "file": self.exercise.shown}
        finding = Finding("load_raised", fields, status="error", places=self._places(error))
        if file != own and "/" not in file:
            finding.sibling = file.removesuffix(".py")
        finding.of_file = not finding.sibling
        return finding


def _devices_in(arguments: dict[str, Any]) -> set[str]:
    named = {value.type for value in arguments.values() if isinstance(value, torch.device)}
    return named | {tensor.device.type for tensor in argument_tensors(arguments)}


def _uses_meta(arguments: dict[str, Any]) -> bool:
    return "meta" in _devices_in(arguments)


def _needs_cpu(arguments: dict[str, Any], device: str) -> bool:
    """Whether a device can't take them: they are on meta, or float64 where it has none."""
    if devices.has_float64(device):
        return _uses_meta(arguments)
    wide = any(tensor.dtype == torch.float64 for tensor in argument_tensors(arguments))
    return wide or _uses_meta(arguments)


def _floating_dtype(arguments: dict[str, Any]) -> torch.dtype:
    for tensor in argument_tensors(arguments):
        if tensor.is_floating_point():
            return tensor.dtype
    return torch.float32


def argument_tensors(value: Any) -> Iterator[torch.Tensor]:
    """The tensors of an argument, those inside generators and stand-ins included."""
    if isinstance(value, WithGrad):
        yield value.value
    elif isinstance(value, (Generator, StandIn)):
        items = value.items if isinstance(value, Generator) else value.values
        yield from argument_tensors(list(items))
    elif isinstance(value, dict):
        for item in value.values():
            yield from argument_tensors(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            if type(item) not in _PLAIN:  # a corpus has thousands of them
                yield from argument_tensors(item)
    else:
        yield from tensors_in(value)


_PLAIN = frozenset({int, float, str, bool})


class _ArgumentEncoder(values.Encoder):
    """Encodes what only the trusted side sends: stand-ins, generators, gradients."""

    def encode(self, value: Any, depth: int = 0) -> wire.Node:
        if isinstance(value, values.Handle):
            return wire.HandleNode(value.number)
        if isinstance(value, StandIn):
            return wire.StandInNode(value.name, [self.encode(v, depth + 1) for v in value.values])
        if isinstance(value, Generator):
            items = [self.encode(item, depth + 1) for item in value.items]
            return wire.SequenceNode("generator", items)
        if isinstance(value, WithGrad):
            leaf = value.value.detach().clone().requires_grad_()
            leaf.grad = value.grad
            return super().encode(leaf, depth)
        return super().encode(value, depth)


def on_device(value: Any, device: str) -> Any:
    """The same arguments with every tensor on ``device``."""
    return map_tensors(
        value, lambda tensor: tensor.detach().to(device).requires_grad_(tensor.requires_grad)
    )
