"""A subject: one function under check, its reference, its cases, and the answers it gave so far."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import torch

from grader.checking import answers
from grader.checking.cases import Case, CaseSpec
from grader.checking.comparison import agree
from grader.findings import CheckStopped
from grader.nested import cast, tensors_in
from grader.sandbox.devices import MIRROR, has_float64
from grader.submission import Answer, Function, Returned, Submission, on_device


@dataclasses.dataclass(eq=False)
class Subject:
    """One function of an exercise, ready for the standard checks.

    Attributes:
        exercise, function: its names.
        reference: the solution's function, from ``answers.reference``; asked in float64.
        spec: makes its cases; their arguments are in the order of the call.
        wrap: brings the reference's result into the form that ``comparison`` expects.
        differentiable: whether gradients flow to its floating arguments.
        labels: names of the items of a sequence argument, as {"params": ("W_xz", ...)}.
        checks: which of the standard checks it takes; all if None.
        single: what float32 may be off on the CPU, times 1 + |expected|, where a mean hides more.
    """

    exercise: str
    function: str
    reference: Callable
    spec: CaseSpec
    wrap: Callable[[Any], Any] = lambda result: result
    differentiable: bool = True
    labels: dict[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    checks: Sequence[str] | None = None
    single: float | None = None
    _results: dict[tuple, Any] = dataclasses.field(default_factory=dict)
    _gradients: dict[tuple, list] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.function

    def under(self, submission: Submission) -> "SubjectUnderCheck":
        """This subject in a submission."""
        return SubjectUnderCheck(self, submission.exercise(self.exercise).function(self.function))

    def expected(self, case: Case) -> Any:
        """The reference's result for a case, in float64."""
        if case.key not in self._results:
            _make_room(self._results)
            arguments = cast(list(case.arguments.values()), torch.float64)
            found = answers.book().answer(self.name, arguments, lambda: self._computed(arguments))
            if answers.book().recording:
                self._form_of(arguments)
            self._results[case.key] = self.wrap(found)
        return self._results[case.key]

    def form(self, case: Case) -> Any:
        """A result with the structure and the shapes of the expected one; its numbers may be zero.

        Some questions depend on what a submission answered before: a student's edition knows the
        form of their answers alone.
        """
        try:
            return self.expected(case)
        except answers.NotRecorded:
            return self.wrap(self._form_of(cast(list(case.arguments.values()), torch.float64)))

    @property
    def name(self) -> str:
        """exercise.function."""
        return f"{self.exercise}.{self.function}"

    def _computed(self, arguments: list[Any]) -> Any:
        with torch.no_grad():
            return answers.live(self.reference)(*arguments)

    def _form_of(self, arguments: list[Any]) -> Any:
        return answers.book().answer(
            f"form of {self.name}",
            answers.form_of(arguments),
            lambda: answers.zeros_like(self._computed(arguments)),
        )

    def expected_gradients(self, case: Case) -> list[torch.Tensor | None]:
        """The reference's gradients of Σ cotangent·result, for each floating argument tensor.

        None where the result does not depend on it.
        """
        if case.key not in self._gradients:
            _make_room(self._gradients)
            arguments = cast(list(case.arguments.values()), torch.float64, requires_grad=True)
            self._gradients[case.key] = answers.book().answer(
                f"gradients of {self.name}",
                (case.seed, arguments),
                lambda: self._computed_gradients(case, arguments),
            )
        return self._gradients[case.key]

    def _computed_gradients(self, case: Case, arguments: list[Any]) -> list[torch.Tensor | None]:
        result = self.wrap(answers.live(self.reference)(*arguments))
        leaves = [leaf for leaf in tensors_in(arguments) if leaf.is_floating_point()]
        results = [r for r in tensors_in(result) if r.is_floating_point()]
        flat = torch.cat([r.reshape(-1) for r in results])
        total = (flat * cotangent_for(case, flat.numel())).sum()
        return list(torch.autograd.grad(total, leaves, allow_unused=True))


REMEMBERED = 400  # results and gradients that a subject keeps


def _make_room(remembered: dict) -> None:
    if len(remembered) >= REMEMBERED:
        remembered.clear()


def cotangent_for(case: Case, size: int) -> torch.Tensor:
    """The flat weights with which a case's results are summed before the gradient: order 1."""
    generator = torch.Generator().manual_seed(case.seed)
    return torch.rand(size, generator=generator, dtype=torch.float64) + 0.5


@dataclasses.dataclass(eq=False)
class SubjectUnderCheck:
    """A subject together with the submission's function: asks it, and remembers the answers."""

    subject: Subject
    function: Function

    def answer(
        self, case: Case, dtype: torch.dtype, device: str = "cpu", gradients: bool = True
    ) -> Answer:
        """The function's answer for a case, with gradients or not; asked once, remembered."""
        key = (case.key, dtype, device)
        if key not in self.function.cache:
            gradients = gradients and self.subject.differentiable and device == "cpu"
            self.function.cache[key] = self.ask(case, dtype, device, gradients)
        else:
            self.function.recall(self.function.cache[key].exchange)
        return self.function.cache[key]

    def ask(
        self,
        case: Case,
        dtype: torch.dtype,
        device: str = "cpu",
        gradients: bool = False,
        report_arguments: bool = False,
    ) -> Answer:
        """The function's answer for a case, asked anew.

        Args:
            report_arguments: have the arguments sent back, to see here whether they were changed.
        """
        arguments = cast(case.arguments, dtype, gradients)
        if device == MIRROR:
            return self.function.ask(arguments, place=MIRROR)
        if device != "cpu":
            arguments = on_device(arguments, device)
        if not gradients:
            return self.function.ask(arguments, report_arguments=report_arguments)
        results = tensors_in(self.subject.expected(case))
        size = sum(result.numel() for result in results if result.is_floating_point())
        return self.function.ask(arguments, cotangent=cotangent_for(case, size))

    def working_dtype(self) -> torch.dtype:
        """float64, or float32 for a function (or a device) that only works in that.

        Raises:
            CheckStopped: if the function is not there, or crashed, or hung.
        """
        known = self.function.cache.get("working_dtype")
        if known is None:
            with self.function.exercise.submission.unobserved():  # no check's own question
                known = self._find_working_dtype()
            self.function.cache["working_dtype"] = known
        return known

    def _find_working_dtype(self) -> torch.dtype:
        case = self.generic_case
        if not has_float64(self.function.home):
            return torch.float32
        try:
            answer = self.answer(case, torch.float64)
        except CheckStopped:
            if self.function.stopped or self.function.exercise.stopped:
                raise
            return torch.float32 if self._works_in_float32(case) else torch.float64
        kinds = {tensor.node.dtype for tensor in returned_tensors(answer.value)}
        rounded = self._agrees(answer, case, 1e-4) and not self._agrees(answer, case, 1e-9)
        return torch.float32 if "float32" in kinds or rounded else torch.float64

    def _agrees(self, answer: Answer, case: Case, tolerance: float) -> bool:
        """Whether an answer is right to a tolerance: right to 1e-4 alone means float32 inside."""
        try:
            agree(answer, self.subject.expected(case), tolerance)
        except CheckStopped:
            return False
        return True

    def _works_in_float32(self, case: Case) -> bool:
        try:
            self.answer(case, torch.float32)
        except CheckStopped:
            return False
        return True

    @property
    def generic_case(self) -> Case:
        """The case whose sizes all differ."""
        spec = self.subject.spec
        return spec.generic_case(spec.seed(self.function.exercise.submission.seed))


def returned_tensors(value: Any) -> list[Returned]:
    """The tensors of a result, in order."""
    if isinstance(value, Returned):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in returned_tensors(item)]
    return []
