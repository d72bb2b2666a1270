"""What the training functions must do: exercises/training.py as checks.

Steps are compared exactly, parameters after against parameters after: "the loss goes down" says
little (a summed loss, a missing zero_grad and a state that is never carried all learn). No number
that a submission reports is believed: parameters that it returns are compared themselves.
"""

import math

import torch

from grader.checking import answers
from grader.checking.cases import FEW, USUAL, Case, Fill, spec
from grader.checking.comparison import agree, agree_number, compare, kind_of, pairs
from grader.checking.nets import ask_in_any_form, net
from grader.checking.printed import stands
from grader.checking.running import over
from grader.checking.standard import standard
from grader.checking.subjects import Subject, returned_tensors
from grader.findings import CheckStopped, fail
from grader.sandbox.standins import GRAPHS_KEPT
from grader.submission import Answer, Generator, Returned, WithGrad
from tests.checks.graphs_kept import memory_stays
from tests.checks.own_outputs import own_forms
from tests.checks.training_runs import (
    ALPHABET,
    CPU,
    MANY,
    agree_parameters,
    alphabet_of,
    course,
    epoch,
    prints_number,
    run_epoch,
    train,
)

reference = answers.reference("solutions.training")
right = answers.reference("tests.checks.reference_training")

MARGIN = 1e-3  # by which the best guess leads, so that rounding can't change a continuation
CLIPPED = 1e-5  # relative: an ε beside the norm, as in torch's own clipping, is fine


@spec("n q T", large=True, usual=FEW)
def logits(fill: Fill, n: int, q: int, T: int) -> dict:
    return {"outputs": [fill(n, q) for _ in range(T)], "Y": fill.integers(q, n, T)}


@spec("n h", large=True, rough=True)
def states(fill: Fill, n: int, h: int) -> dict:
    return {"state": tuple(fill(n, h) for _ in range(fill.integer(1, 2)))}


@spec("d h", largest={"d": 5, "h": 5}, large=True, rough=True)
def gradients(fill: Fill, d: int, h: int) -> dict:
    """Parameters and gradients of three shapes, of very different size."""
    shapes, scales = [(d, h), (h,), (1,)], (3.0, 0.5, 1.0)
    params = [fill(*shape) for shape in shapes]
    grads = [fill(*shape, scale=scale) for shape, scale in zip(shapes, scales, strict=True)]
    return {"params": params, "extra": {"grads": grads}}


LOSS = Subject("training", "sequence_loss", reference.sequence_loss, logits, single=2e-6)
check_shape, check_values, check_precision, check_gradients, check_purity, check_device = standard(
    [LOSS]
)


@over(logits, 4)
def check_sequence_loss_forms(training, case: Case) -> None:
    """The outputs may be a list, a tuple or one tensor (T, n, q)."""
    under = LOSS.under(training.submission)
    dtype, expected = under.working_dtype(), LOSS.expected(case)
    for form in (list, tuple, torch.stack):
        agree(under.ask(case.replace(outputs=form(case["outputs"])), dtype), expected)


@over(logits, 4)
def check_sequence_loss_ends(training, case: Case) -> None:
    """Logits of +1000 at the labels cost nothing, equal logits cost ln q."""
    under, q = LOSS.under(training.submission), case.sizes["q"]
    eye = torch.eye(q, dtype=torch.float64) * 1000
    sure = case.replace(outputs=[eye[labels] for labels in case["Y"].T])
    equal = case.replace(outputs=[torch.full_like(o, 0.5) for o in case["outputs"]])
    for changed, wanted, code in ((sure, 0.0, "loss_sure"), (equal, math.log(q), "loss_equal")):
        answer = under.ask(changed, under.working_dtype())
        pairs(answer, torch.zeros((), dtype=torch.float64))
        agree_number(answer, wanted, 1e-6, code=code)


def _perplexity(training, loss: float) -> Answer:
    """Asked with a float; a function that only knows tensors may have one."""
    try:
        return training.perplexity.ask({"mean_loss": loss})
    except CheckStopped as stopped:
        if stopped.finding.status != "error" or training.perplexity.stopped:
            raise
        return training.perplexity.ask({"mean_loss": torch.tensor(loss, dtype=torch.float64)})


def _losses(training) -> list[float]:
    """Losses from the seed: of a good model, of a bad one, and of worse ones than guessing."""
    fill = Fill(training.submission.seed)
    return [fill.number(low, high) for low, high in ((0, 1), (1, 2), (2, 4), (4, 6), (6, 9))]


def check_perplexity_values(training):
    """exp of the mean loss, whatever its size."""
    for loss in (0.0, *_losses(training)):
        agree_number(_perplexity(training, loss), math.exp(loss), 2e-5)


def check_perplexity_type(training):
    """A Python float, not a tensor."""
    for loss in _losses(training)[:2]:
        answer = training.perplexity.ask({"mean_loss": loss})
        if not isinstance(answer.value, float):
            raise fail("not_a_float", answer=answer, kind=kind_of(answer.value))
        agree_number(answer, math.exp(loss), 2e-5)


def _norm(case: Case) -> float:
    return math.sqrt(sum(float((g**2).sum()) for g in case["grads"]))


def _clip(training, case: Case, theta: float, dtype=torch.float64, form=list, without=()) -> Answer:
    leaves = [
        WithGrad(p.to(dtype), None if index in without else g.to(dtype).clone())
        for index, (p, g) in enumerate(zip(case["params"], case["grads"], strict=True))
    ]
    arguments = {"params": form(leaves), "theta": theta, "device": CPU}
    return training.grad_clipping.ask(arguments, report_arguments=True)


def _agree_clipped(answer: Answer, case: Case, factor: float, without=(), exact=False) -> None:
    """Every gradient is ``factor`` times what it was, and no parameter has changed."""
    after = returned_tensors(answer.arguments["params"])
    for index, (tensor, p, g) in enumerate(zip(after, case["params"], case["grads"], strict=True)):
        if compare("", tensor, p, 1e-7) is not None:
            raise fail("clip_changed_parameter", answer=answer, index=index)
        if index in without:
            continue
        if not isinstance(tensor.grad, Returned) or tensor.grad.shape != tuple(g.shape):
            raise fail("clip_no_gradient", answer=answer, index=index)
        tolerance = 1e-300 if exact else CLIPPED
        difference = compare(f"params[{index}].grad", tensor.grad, g * factor, tolerance)
        if difference is not None:
            stopped = fail(
                "clip_untouched" if exact else "clip", answer=answer, factor=f"{factor:.6g}"
            )
            stopped.finding.returned, stopped.finding.expected = tensor.grad, g * factor
            stopped.finding.difference = difference
            raise stopped


@over(gradients)
def check_grad_clipping_values(training, case: Case) -> None:
    """Longer than θ: all gradients shrink by the one factor θ/‖g‖, in float32 and float64."""
    for share, dtype in ((0.5, torch.float64), (0.01, torch.float64), (0.25, torch.float32)):
        answer = _clip(training, case, share * _norm(case), dtype)
        _agree_clipped(answer, case, share)


@over(gradients)
def check_grad_clipping_untouched(training, case: Case) -> None:
    """Shorter than θ: not one bit of a gradient changes."""
    for theta in (2 * _norm(case), 1e3):
        _agree_clipped(_clip(training, case, theta), case, 1.0, exact=True)


@over(gradients, 4)
def check_grad_clipping_generator(training, case: Case) -> None:
    """The parameters may come as a generator, which can be read only once."""
    answer = _clip(training, case, 0.5 * _norm(case), form=lambda leaves: Generator(tuple(leaves)))
    _agree_clipped(answer, case, 0.5)


@over(gradients, 4)
def check_grad_clipping_missing(training, case: Case) -> None:
    """A parameter without a gradient is passed over, the others are clipped as one vector."""
    grads = [g for index, g in enumerate(case["grads"]) if index != 1]
    norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
    _agree_clipped(_clip(training, case, 0.5 * norm, without=(1,)), case, 0.5, without=(1,))


@over(gradients, 4)
def check_grad_clipping_in_place(training, case: Case) -> None:
    """The gradient tensors themselves change: nobody else's reference to them goes stale."""
    answer = _clip(training, case, 0.5 * _norm(case))
    _agree_clipped(answer, case, 0.5)
    if answer.rebound:
        raise fail("clip_rebound", answer=answer)


def _step(training, case: Case, lr: float, *more: int, dtype=torch.float64) -> Answer:
    leaves = [
        WithGrad(p.to(dtype), g.to(dtype).clone())
        for p, g in zip(case["params"], case["grads"], strict=True)
    ]
    names = ("params", "lr", "batch_size")
    arguments = dict(zip(names, (leaves, lr, *more), strict=False))
    answer = training.sgd.ask(arguments, report_arguments=True)
    after = returned_tensors(answer.arguments["params"])
    share = lr / (more[0] if more else 1)
    for index, (tensor, p, g) in enumerate(zip(after, case["params"], case["grads"], strict=True)):
        tolerance = 1e-9 if dtype is torch.float64 else 2e-5
        difference = compare(f"params[{index}]", tensor, p - share * g, tolerance)
        if difference is not None:
            stopped = fail("sgd", answer=answer)
            stopped.finding.returned, stopped.finding.expected = tensor, p - share * g
            stopped.finding.difference = difference
            raise stopped
    return answer


@over(gradients)
def check_sgd_values(training, case: Case) -> None:
    """p − lr · grad / batch_size, in the tensors that were given."""
    for lr, batch_size in ((0.5, 1), (0.25, 4), (2.0, 5)):
        _step(training, case, lr, batch_size)


@over(gradients, 4)
def check_sgd_default(training, case: Case) -> None:
    """Without ``batch_size`` nothing is divided."""
    _step(training, case, 0.5)


@over(gradients, 4)
def check_sgd_leaves(training, case: Case) -> None:
    """The parameters stay leaves that require a gradient; float32 works too."""
    for dtype in (torch.float64, torch.float32):
        answer = _step(training, case, 0.5, 2, dtype=dtype)
        for tensor in returned_tensors(answer.arguments["params"]):
            if not (tensor.node.is_leaf and tensor.node.requires_grad):
                raise fail("not_a_leaf", answer=answer, name="params")


def _detach(training, case: Case) -> Answer:
    state = tuple(matrix.clone().requires_grad_() for matrix in case["state"])
    size = sum(matrix.numel() for matrix in state)
    return training.detach_state.ask(
        {"state": state}, cotangent=torch.ones(size, dtype=torch.float64), report_arguments=True
    )


@over(states)
def check_detach_state_shape(training, case: Case) -> None:
    """A tuple (or list) with as many matrices as before."""
    pairs(_detach(training, case), case["state"])


@over(states)
def check_detach_state_values(training, case: Case) -> None:
    """The values are the same, in the same dtype."""
    answer = _detach(training, case)
    for part, tensor, _ in agree(answer, case["state"]):
        if tensor.node.dtype != "float64":
            names = {"returned_dtype": tensor.node.dtype, "expected_dtype": "float64"}
            raise fail("dtype", answer=answer, part=part, **names)


@over(states)
def check_detach_state_cut(training, case: Case) -> None:
    """No gradient flows back through any of them."""
    answer = _detach(training, case)
    for part, tensor, _ in agree(answer, case["state"]):
        if tensor.node.requires_grad:
            raise fail("not_detached", answer=answer, part=part)


@over(states)
def check_detach_state_purity(training, case: Case) -> None:
    """The state that was given is left as it was."""
    answer = _detach(training, case)
    agree(answer, case["state"])
    kept = all(t.node.requires_grad for t in returned_tensors(answer.arguments["state"]))
    if answer.mutated or not kept:
        raise fail("mutated", answer=answer, arguments="state")


# Prediction and training need models; see grader/checking/nets.py


@spec("T", largest={"T": 5}, large=True)
def writing(fill: Fill, T: int) -> dict:
    """A model, a prefix of T characters and a length, such that no guess is a close call."""
    usual = USUAL["T"][0] <= T
    vocab, hiddens = len(MANY if usual else ALPHABET), USUAL["h"][0] if usual else 6
    for states_ in (1, 2):
        while True:
            model = net(fill, vocab, hiddens, states_, scale=1.5)
            prefix = fill.integers(vocab, T).tolist()
            count = fill.integer(25, 35) if usual else fill.integer(2, 7)
            if right.margin(model, prefix, count) > MARGIN:
                break
        if states_ == 1:
            first = (model, prefix, count)
    return {"extra": {1: first, 2: (model, prefix, count)}}


def _write(training, case: Case, states_: int) -> tuple[Answer, str, str]:
    """The answer of ``predict_rnn``, the prefix, and the text expected."""
    model, prefix, count = case[states_]
    alphabet = alphabet_of(model)
    text = "".join(alphabet[i] for i in prefix)
    numbers = {char: index for index, char in enumerate(alphabet)}
    tail = {
        "num_hiddens": model.hiddens,
        "vocab_size": model.vocab,
        "device": CPU,
        "idx_to_char": list(alphabet),
        "char_to_idx": numbers,
    }

    def arguments(dtype: torch.dtype, form: str) -> dict:
        return {"prefix": text, "num_chars": count, **model.arguments(dtype, form), **tail}

    answer = ask_in_any_form(training.predict_rnn, arguments, own_forms(training))
    wanted = right.predict_rnn(model, text, count, tail)
    if not isinstance(answer.value, str):
        raise fail("not_a_string", answer=answer, expected=wanted, kind=kind_of(answer.value))
    return answer, text, wanted


@over(writing)
def check_predict_rnn_length(training, case: Case) -> None:
    """The prefix, and ``num_chars`` characters after it."""
    answer, text, wanted = _write(training, case, 1)
    if not answer.value.startswith(text):
        raise fail("prefix_lost", answer=answer, expected=wanted)
    if len(answer.value) != len(wanted):
        raise fail(
            "text_length",
            answer=answer,
            expected=wanted,
            returned_length=len(answer.value),
            expected_length=len(wanted),
        )


@over(writing)
def check_predict_rnn_values(training, case: Case) -> None:
    """Each new character is the model's best guess after everything before it."""
    answer, _, wanted = _write(training, case, 1)
    if answer.value != wanted:
        raise fail("continuation", answer=answer, expected=wanted)


@over(writing, 6, whole=True)
def check_predict_rnn_states(training, case: Case) -> None:
    """A state of two matrices is carried like one."""
    answer, _, wanted = _write(training, case, 2)
    if answer.value != wanted:
        raise fail("continuation", answer=answer, expected=wanted)


@over(epoch, 6)
def check_train_epoch_step(training, case: Case) -> None:
    """One mini-batch is one step: p − lr · ∂loss/∂p, with the gradient as it is."""
    run = run_epoch(training, case, 1, "first", is_random=True)
    agree_parameters(run, 1e-7)


@over(epoch, 6)
def check_train_epoch_clipped(training, case: Case) -> None:
    """The gradient is clipped to θ before the step."""
    run = run_epoch(training, case, 1, "first", theta=0.02, lr=3.0, is_random=True)
    agree_parameters(run, 1e-6)


@over(epoch, 6, whole=True)
def check_train_epoch_consecutive(training, case: Case) -> None:
    """Gradients start from zero and the state goes on, cut from the graph, in each batch."""
    agree_parameters(run_epoch(training, case, 1, "batches", is_random=False), 1e-7)


@over(epoch, 6, whole=True)
def check_train_epoch_random(training, case: Case) -> None:
    """With random sampling each batch, of whatever size, starts from a new state."""
    agree_parameters(run_epoch(training, case, 1, "unequal", is_random=True), 1e-7)


@over(epoch, 6)
def check_train_epoch_states(training, case: Case) -> None:
    """A state of two matrices is carried, and cut, like one."""
    agree_parameters(run_epoch(training, case, 2, "batches", is_random=False), 1e-7)


@over(epoch, 6, whole=True)
def check_train_epoch_perplexity(training, case: Case) -> None:
    """exp(Σ loss · labels / Σ labels) over batches of unequal size, a float."""
    for name, is_random in (("unequal", True), ("batches", False)):
        run = run_epoch(training, case, 1, name, is_random=is_random)
        if not isinstance(run.answer.value, float):
            raise fail("not_a_float", answer=run.answer, kind=kind_of(run.answer.value))
        agree_number(run.answer, run.perplexity, 2e-5)


@over(epoch, 2)
def check_train_epoch_graphs(training, case: Case) -> None:
    """Memory does not grow with the batches: each one's graph goes when the next is done."""
    try:
        run = run_epoch(training, case, 1, "twice", is_random=False, cell="watched_cell")
    except CheckStopped as stopped:
        text = str(stopped.finding.fields.get("text", ""))
        if GRAPHS_KEPT in text:
            raise fail("cost_graphs", count=text.split()[0], batches=6) from None
        raise
    agree_parameters(run, 1e-6)
    memory_stays(training, case)


@over(course, 4)
def check_train_and_predict_rnn_shape(training, case: Case) -> None:
    """(params, perplexities): one number an epoch."""
    train(training, case, is_random=False)


@over(course, 4, whole=True)
def check_train_and_predict_rnn_consecutive(training, case: Case) -> None:
    """The parameters after some epochs of consecutive sampling are the reference's."""
    agree_parameters(train(training, case, is_random=False), 1e-6)


@over(course, 4, whole=True)
def check_train_and_predict_rnn_random(training, case: Case) -> None:
    """So are those after random sampling, of a single mini-batch or of windows all alike."""
    for repeated in (False, True):
        agree_parameters(train(training, case, is_random=True, repeated=repeated), 1e-5)


@over(course, 4, whole=True)
def check_train_and_predict_rnn_perplexities(training, case: Case) -> None:
    """The perplexity of each epoch, in order."""
    for is_random in (False, True):
        run = train(training, case, is_random=is_random)
        for actual, wanted in zip(run.perplexities, run.expected_perplexities, strict=True):
            agree_number(run.answer, wanted, 1e-4, value=actual, code="epoch_perplexity")


@over(course, 4)
def check_train_and_predict_rnn_prints(training, case: Case) -> None:
    """Every ``pred_period`` epochs it prints the perplexity and a continuation of each prefix."""
    run = train(training, case, is_random=False)
    printed = run.answer.call.printed.decode("utf-8", "replace")
    period = case["pred_period"]
    times = case["num_epochs"] // period
    for prefix, texts in zip(case["prefixes"], run.texts, strict=True):
        if printed.count(prefix) < times:
            raise fail("prints_no_continuation", answer=run.answer, prefix=prefix)
        if not any(stands(text, printed, ALPHABET) for text in texts):
            raise fail("prints_continuation", answer=run.answer, prefix=prefix)
    often = printed.count(case["prefixes"][-1])  # once or more at each time
    if often % times or often >= case["num_epochs"]:
        raise fail("prints_too_often", answer=run.answer, period=period)
    due = run.expected_perplexities[period - 1 :: period]
    if not all(prints_number(printed, number) for number in due):
        raise fail("prints_no_perplexity", answer=run.answer)
