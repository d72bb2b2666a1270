"""Whole runs of a submission's training functions beside the reference's, for check_training.py."""

import dataclasses
import re
from typing import Any

import torch

from grader.checking import answers
from grader.checking.cases import FEW, LARGEST, USUAL, Case, Fill, spec
from grader.checking.comparison import compare, is_number, kind_of, numeric
from grader.checking.nets import Net, ask_in_any_form, net
from grader.findings import fail
from grader.submission import Answer, Generator, Returned
from tests.checks.own_outputs import own_forms

right = answers.reference("tests.checks.reference_training")

CPU = torch.device("cpu")
ALPHABET = "学而时习之abcdef"
MANY = ALPHABET + "".join(map(chr, [*range(0x67, 0x7B), *range(0x4E00, 0x4E54)]))  # 115
UNCLIPPED = 1e6
FLOAT32_DRIFT = 2e-4  # of parameters after a few steps in float32
MOST_DIGITS = 40  # of a number that is printed


@dataclasses.dataclass
class Run:
    """What a submission's training came to, and what the reference's did.

    ``texts`` are the right continuations of each prefix, after any of the epochs.
    """

    answer: Answer
    params: list[Returned]
    expected_params: list[torch.Tensor]
    perplexity: float = 0.0
    perplexities: list[Any] = dataclasses.field(default_factory=list)
    expected_perplexities: list[float] = dataclasses.field(default_factory=list)
    texts: list[set[str]] = dataclasses.field(default_factory=list)


def _labels(fill: Fill, n: int, T: int, vocab: int) -> tuple[torch.Tensor, torch.Tensor]:
    return fill.integers(vocab, n, T), fill.integers(vocab, n, T)


@spec("n q T h", largest={"n": 3, "q": 5, "T": 4, "h": 4}, large=True, usual=FEW)
def epoch(fill: Fill, n: int, q: int, T: int, h: int) -> dict:
    """Models of one and of two states, three equal batches, and three of unequal size."""
    models = {count: net(fill, q, h, count) for count in (1, 2)}
    batches = [_labels(fill, n, T, q) for _ in range(3)]
    unequal = [_labels(fill, size, steps, q) for size, steps in ((n, T), (n + 2, T), (1, T + 2))]
    unequal[1] = (unequal[1][0].float(), unequal[1][1].float())  # as the notes' iterators give them
    return {"extra": {"models": models, "batches": batches, "unequal": unequal}}


def run_epoch(
    training: Any,
    case: Case,
    states: int,
    which: str,
    *,
    is_random: bool,
    lr: float = 0.5,
    theta: float = UNCLIPPED,
    cell: str = "cell",
) -> Run:
    """One ``train_epoch`` of the submission and of the reference on the same model and batches.

    Args:
        which: "batches"; the "first" of them only; all of them "twice"; or the "unequal" ones,
            which come as a generator.
    """
    model: Net = case["models"][states]
    key = ("epoch", case.key, states, which, is_random, lr, theta, cell)
    pairs = case["unequal" if which == "unequal" else "batches"]
    pairs = {"first": pairs[:1], "twice": pairs * 2}.get(which, pairs)

    def arguments(dtype: torch.dtype, form: str) -> dict:
        return {
            **model.arguments(dtype, form, cell),
            "num_hiddens": model.hiddens,
            "vocab_size": model.vocab,
            "device": CPU,
            "data_iter": Generator(tuple(pairs)) if which == "unequal" else pairs,
            "lr": lr,
            "clipping_theta": theta,
            "is_random_iter": is_random,
        }

    cache = training.train_epoch.cache
    if key not in cache:
        forms = own_forms(training)
        asked = ask_in_any_form(training.train_epoch, arguments, forms, report_arguments=True)
        cache[key] = asked, right.train_epoch(model, list(pairs), lr, theta, is_random)
    answer, (params, perplexity) = cache[key]
    training.train_epoch.recall(answer.exchange)
    after = answer.arguments["params"]
    return Run(answer, [p for p in after if isinstance(p, Returned)], params, perplexity)


def agree_parameters(run: Run, tolerance: float) -> None:
    """The parameters after training are those of the reference.

    Raises:
        CheckStopped: at the first that differs.
    """
    answer, found, wanted = run.answer, run.params, run.expected_params
    if len(found) != len(wanted):
        lengths = {"returned_length": len(found), "expected_length": len(wanted)}
        raise fail("parameter_count", answer=answer, names="params", **lengths)
    for index, (tensor, want) in enumerate(zip(found, wanted, strict=True)):
        part = f"params[{index}]"
        if tensor.shape != tuple(want.shape):
            shapes = {"returned_shape": tensor.shape, "expected_shape": tuple(want.shape)}
            raise fail("shape", answer=answer, part=part, **shapes)
        allowed = tolerance if tensor.node.dtype == "float64" else FLOAT32_DRIFT
        difference = compare(part, tensor, want.detach(), allowed)
        if difference is not None:
            stopped = fail("trained_parameters", answer=answer)
            stopped.finding.returned, stopped.finding.expected = tensor, numeric(want)
            stopped.finding.difference = difference
            raise stopped


def alphabet_of(model: Net) -> str:
    """The characters that a model knows."""
    return MANY if model.vocab == len(MANY) else ALPHABET


@spec("n T h", largest={"n": 3, "T": 4, "h": 4}, large=True, usual=FEW)
def course(fill: Fill, n: int, T: int, h: int) -> dict:
    """A model, a corpus of some consecutive batches, one of one random batch, and settings.

    Long sequences are read in fewer epochs.
    """
    usual, long = USUAL["T"][0] <= T, LARGEST["T"] < T
    batches = 2 if usual else 3
    vocab, start = len(MANY if usual else ALPHABET), fill.integers(len(ALPHABET), 2).tolist()
    model = net(fill, vocab, h, 2 if usual else 1, scale=1.0)
    consecutive = fill.integers(vocab, n * (batches * T + 1)).tolist()
    one_batch = fill.integers(vocab, n * T + 1).tolist()
    left_over = fill.integers(vocab, n * (T // 2)).tolist()  # columns that fill no batch
    return {
        "extra": {
            "model": model,
            "consecutive": consecutive + left_over,
            "random": one_batch,
            "repeated": one_batch[:T] * (2 * n + (n > 1)) + one_batch[:1],  # windows all alike
            "batch_size": n,
            "num_steps": T,
            "num_epochs": 3 if long else 7,
            "pred_period": 2 if long else 3,
            "prefixes": [ALPHABET[start[0]], ALPHABET[start[1]] + ALPHABET[start[0]] + "而a"],
        }
    }


def train(training: Any, case: Case, *, is_random: bool, repeated: bool = False) -> Run:
    """``train_and_predict_rnn`` of the submission and of the reference on the same corpus.

    Args:
        repeated: in random windows that are all alike: several batches, and one window left over.

    Raises:
        CheckStopped: if the submission does not return (params, one number an epoch).
    """
    model: Net = case["model"]
    corpus = case["repeated" if repeated else "random" if is_random else "consecutive"]
    alphabet = alphabet_of(model)
    numbers = {char: index for index, char in enumerate(alphabet)}
    settings = {
        "is_random_iter": is_random,
        "num_epochs": case["num_epochs"],
        "num_steps": case["num_steps"],
        "lr": 0.2 if is_random else 0.05,
        "clipping_theta": 0.3 if is_random else UNCLIPPED,
        "batch_size": case["batch_size"],
        "pred_period": case["pred_period"],
        "pred_len": 4,
        "prefixes": case["prefixes"],
    }
    vocabulary = {"idx_to_char": list(alphabet), "char_to_idx": numbers}
    sizes = {"num_hiddens": model.hiddens, "vocab_size": model.vocab, "device": CPU}
    data = {**sizes, "corpus_indices": corpus, **vocabulary, **settings}

    def arguments(dtype: torch.dtype, form: str) -> dict:
        given = model.arguments(dtype, form)
        first = {"rnn": given["rnn"], "get_params": model.get_params(dtype)}
        return {**first, "init_rnn_state": given["init_rnn_state"], **data}

    key = ("train", case.key, is_random, repeated)
    cache = training.train_and_predict_rnn.cache
    if key not in cache:
        forms = own_forms(training)
        prints = tuple(case["prefixes"])
        cache[key] = ask_in_any_form(
            training.train_and_predict_rnn, arguments, forms, prints=prints
        )
    training.train_and_predict_rnn.recall(cache[key].exchange)
    return _run(cache[key], model, case, data)


REMEMBERED = 200
_references: dict[tuple, tuple[list, list[float], str]] = {}


def _run(answer: Answer, model: Net, case: Case, data: dict) -> Run:
    params, perplexities = _parts(answer, data["num_epochs"])
    wanted, wanted_perplexities, printed = _reference(model, case, data)
    run = Run(answer, params, wanted)
    run.perplexities, run.expected_perplexities = perplexities, wanted_perplexities
    lines = [line.removeprefix(" - ") for line in printed.splitlines() if line.startswith(" - ")]
    count = len(case["prefixes"])
    run.texts = [set(lines[index::count]) for index in range(count)]
    return run


def _reference(model: Net, case: Case, data: dict) -> tuple[list, list[float], str]:
    """The reference's parameters and perplexities, and what it prints if asked to at each epoch."""
    key = (case.key, data["is_random_iter"], len(data["corpus_indices"]))
    if key not in _references:
        if len(_references) >= REMEMBERED:
            _references.clear()
        _references[key] = right.train_and_predict_rnn(model, {**data, "pred_period": 1})
    return _references[key]


def _parts(answer: Answer, epochs: int) -> tuple[list[Returned], list[Any]]:
    value = answer.value
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise fail("not_a_pair", answer=answer, kind=kind_of(value))
    params, perplexities = value
    if not isinstance(params, (list, tuple)) or not all(isinstance(p, Returned) for p in params):
        raise fail("not_a_sequence", answer=answer, part="params", kind=kind_of(params))
    if not isinstance(perplexities, (list, tuple)) or not all(map(is_number, perplexities)):
        raise fail("not_numbers", answer=answer, kind=kind_of(perplexities))
    if len(perplexities) != epochs:
        raise fail("epoch_count", answer=answer, returned=len(perplexities), count=epochs)
    return list(params), list(perplexities)


def prints_number(text: str, number: float) -> bool:
    """Whether ``number`` stands in a text, rounded or cut to as many digits as are printed."""
    for item in re.findall(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text[:16384]):
        mantissa, _, exponent = item[: MOST_DIGITS + 1].lower().partition("e")
        if len(item) > MOST_DIGITS or len(exponent) > 3:
            continue  # nobody prints a perplexity like that, and 1e9999 is no number at all
        digits = len(mantissa.partition(".")[2]) - int(exponent or 0)
        rounded = 10.0 ** min(-digits, 0)
        if abs(float(item) - number) <= rounded + FLOAT32_DRIFT * number:
            return True
    return False
