"""Probes of the training functions: one call each for the small ones; see ``probe_courses``."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from grader.audit.probe_calls import META, UNKNOWN, UNREADABLE, Draw, Look, Near
from grader.audit.probe_courses import COURSES, EPOCHS, TEXTS

CLIPPED = 1e-5  # relative: an ε beside the norm, as in torch's own clipping, is fine
CPU = torch.device("cpu")
LEAVES = [((3, 2), 3.0), ((2,), 0.5), ((4,), 1.0), ((1, 5), 0.2)]  # shapes, scales of gradients
FORMS: dict[str, Callable[[list[Tensor]], Any]] = {
    "list": list,
    "tuple": tuple,
    "one tensor": torch.stack,
    "joined": torch.cat,
}


def _loss(form: str, scale: float, sizes: tuple[int, int, int], labels: torch.dtype) -> Look:
    """sequence_loss: its value and its gradient, of T logits (n, q)."""
    T, n, q = sizes

    def look(module: Any) -> Any:
        draw = Draw(T)
        logits = [draw(n, q, scale=scale).requires_grad_() for _ in range(T)]
        Y = draw.integers(q, n, T).to(labels)
        given = Y.clone()
        loss = module.sequence_loss(FORMS[form](logits), given)
        loss.backward()
        return loss.detach(), [each.grad for each in logits], torch.equal(given, Y)

    return look


def _loss_in_float32(module: Any) -> Any:
    logits = [Draw(4)(2, 5).float().requires_grad_() for _ in range(3)]
    loss = module.sequence_loss(logits, torch.tensor([[0, 3, 1], [4, 4, 2]]))
    loss.backward()
    return loss.detach(), [each.grad for each in logits]


def _loss_on_meta(module: Any) -> Any:
    logits = [torch.zeros(2, 5, device=META) for _ in range(3)]
    try:
        loss = module.sequence_loss(logits, torch.zeros(2, 3, dtype=torch.int64, device=META))
    except (RuntimeError, NotImplementedError) as error:
        if any(words in str(error) for words in UNREADABLE):
            return UNKNOWN
        raise
    return loss.device.type, tuple(loss.shape)


def _leaves(scale: float = 1.0, missing: tuple[int, ...] = (), dtype=torch.float64) -> list[Tensor]:
    """Parameters with gradients of very different size; those ``missing`` have none."""
    found = []
    for index, (shape, size) in enumerate(LEAVES):
        draw = Draw(30 + index)
        leaf = draw(*shape).to(dtype).requires_grad_()
        gradient = draw(*shape, scale=scale * size).to(dtype)
        leaf.grad = None if index in missing else gradient
        found.append(leaf)
    return found


def _clipped(theta: float, form: Callable = list, **options: Any) -> Look:
    """grad_clipping: parameters and gradients afterwards, and whether they are the same tensors."""

    def look(module: Any) -> Any:
        params = _leaves(**options)
        held = [p.grad for p in params]
        module.grad_clipping(form(params), theta, CPU)
        module.grad_clipping(_leaves(), theta)  # which is none of its business
        return {
            "gradients": [g if g is None else Near(g, CLIPPED) for g in held],
            "in place": [p.grad is g for p, g in zip(params, held, strict=True)],
            "params": [p.detach() for p in params],
            "kinds": [(p.requires_grad, p.is_leaf, p.dtype) for p in params],
        }

    return look


def _untouched(module: Any) -> Any:
    """A gradient that is short enough does not change by one bit."""
    params = _leaves()
    before = [p.grad.clone() for p in params if p.grad is not None]
    module.grad_clipping(params, 1000.0, CPU)
    after = [p.grad for p in params if p.grad is not None]
    return [torch.equal(old, new) for old, new in zip(before, after, strict=True)]


def _stepped(*settings: Any, form: Callable = list, times: int = 1, **options: Any) -> Look:
    """sgd: the parameters afterwards. What becomes of the gradients is free."""

    def look(module: Any) -> Any:
        params = _leaves(**options)
        gradients = [p.grad.clone() for p in params if p.grad is not None]
        versions = [p.data_ptr() for p in params]
        given = form(params)
        for _ in range(times):
            for p, gradient in zip(params, gradients, strict=True):
                p.grad = gradient.clone()
            module.sgd(given, *settings)
        same_memory = [p.data_ptr() == old for p, old in zip(params, versions, strict=True)]
        kinds = [(p.requires_grad, p.is_leaf, p.dtype) for p in params]
        return [p.detach() for p in params], kinds, same_memory

    return look


def _detached(count: int, form: Callable, dtype: torch.dtype = torch.float64) -> Look:
    """detach_state: what comes back, and whether the argument is still part of the graph."""

    def look(module: Any) -> Any:
        leaves = [Draw(i)(2, 3).to(dtype).requires_grad_() for i in range(count)]
        state = form([leaf * 1 for leaf in leaves])
        before = [matrix.detach().clone() for matrix in state]
        result = module.detach_state(state)
        if not isinstance(result, (tuple, list)):
            raise TypeError("a state is a tuple or a list")
        return {
            "values": [matrix.detach() for matrix in result],
            "cut": [matrix.requires_grad for matrix in result],
            "kept": [matrix.requires_grad for matrix in state],
            "untouched": [torch.equal(a, b) for a, b in zip(before, state, strict=True)],
        }

    return look


def _detached_on_meta(module: Any) -> Any:
    state = (torch.zeros(2, 3, device=META), torch.zeros(2, 3, device=META))
    return [(matrix.device.type, tuple(matrix.shape)) for matrix in module.detach_state(state)]


def _perplexity(loss: float) -> Look:
    """A function that only knows tensors may have one."""

    def look(module: Any) -> Any:
        try:
            return module.perplexity(loss)
        except Exception:
            return module.perplexity(torch.tensor(loss, dtype=torch.float64))

    return look


def _items(params: list[Tensor]) -> Any:
    """A generator, which can be walked through only once."""
    return (param for param in params)


LOOKS: dict[str, list[Look]] = {
    "sequence_loss": [
        *(_loss(form, 1.0, (3, 2, 5), torch.int64) for form in FORMS),
        *(_loss("list", 1.0, sizes, torch.int64) for sizes in ((1, 4, 3), (5, 1, 2), (2, 3, 1))),
        *(_loss("list", 1.0, (4, 2, 6), kind) for kind in (torch.int32, torch.float32)),
        _loss("list", 900.0, (3, 2, 5), torch.int64),
        _loss("tuple", 900.0, (3, 3, 3), torch.int64),
        _loss_in_float32,
        _loss_on_meta,
    ],
    "perplexity": [_perplexity(x) for x in (0.0, 0.7, 1.0, math.log(27), 3.25, 6.0)],
    "grad_clipping": [
        *(_clipped(theta) for theta in (0.01, 0.5, 2.0)),
        _clipped(1000.0),
        _clipped(0.5, missing=(1,)),
        _clipped(0.5, missing=(0, 3)),
        _clipped(0.5, missing=(0, 1, 2, 3)),
        _clipped(0.5, scale=1e-3),
        _clipped(0.5, scale=1e4),
        _clipped(0.5, _items),
        _clipped(0.5, _items, missing=(2,)),
        _clipped(1000.0, _items),
        _clipped(0.5, tuple),
        _clipped(0.5, dtype=torch.float32),
        _untouched,
    ],
    "sgd": [
        _stepped(0.5),
        _stepped(0.5, form=tuple),
        _stepped(0.25, 4),
        _stepped(2.0, 5),
        _stepped(0.5, 2, times=3),
        _stepped(0.5, dtype=torch.float32),
    ],
    "detach_state": [
        *(_detached(count, form) for count in (1, 2) for form in (tuple, list)),
        _detached(2, tuple, torch.float32),
        _detached_on_meta,
    ],
    "predict_rnn": TEXTS,
    "train_epoch": EPOCHS,
    "train_and_predict_rnn": COURSES,
}
