"""What training must come to, for check_training.py: the solution's on the checks' own models."""

import contextlib
import io
from typing import Any

import torch
from torch import Tensor

from grader.checking.nets import Net
from solutions import training


def predict_rnn(model: Net, prefix: str, count: int, tail: dict[str, Any]) -> str:
    """The continuation of a prefix; ``tail`` holds the other arguments in their order."""
    cell, params, init = model.local()
    return training.predict_rnn(prefix, count, cell, params, init, *tail.values())


def margin(model: Net, prefix: list[int], count: int) -> float:
    """The smallest lead of the best guess while the model continues ``prefix``."""
    cell, params, init = model.local()
    state, unread, smallest = init(1, model.hiddens), list(prefix), float("inf")
    eye = torch.eye(model.vocab, dtype=torch.float64)
    with torch.no_grad():
        for _ in range(count):
            outputs, state = cell([eye[i : i + 1] for i in unread], state, params)
            best = outputs[-1][0].topk(2).values
            smallest = min(smallest, float(best[0] - best[1]))
            unread = [int(outputs[-1].argmax())]
    return smallest


def train_epoch(
    model: Net, pairs: list, lr: float, theta: float, is_random: bool
) -> tuple[list[Tensor], float]:
    """The parameters after one epoch, and its perplexity."""
    cell, params, init = model.local()
    sizes = (model.hiddens, model.vocab, torch.device("cpu"))
    perplexity = training.train_epoch(cell, params, init, *sizes, pairs, lr, theta, is_random)
    return params, perplexity


def train_and_predict_rnn(
    model: Net, settings: dict[str, Any]
) -> tuple[list[Tensor], list[float], str]:
    """The parameters, the perplexity of each epoch, and what was printed."""
    cell, _, init = model.local()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        params, perplexities = training.train_and_predict_rnn(
            cell, model.local_get_params(), init, *settings.values()
        )
    return list(params), perplexities, printed.getvalue()
