"""Functions and layers that the grader passes to a submission's functions, by name.

They live in the worker, so no exercise's solution may be among them: the cells below are recurrent
and differentiable, but they are neither an RNN, a GRU nor an LSTM of the syllabus; the layers are
torch's own. The trusted side uses the same code to compute what it expects.
"""

import weakref
from collections.abc import Callable
from typing import Any

import torch

MOST_GRAPHS = 2  # of earlier batches that may be in memory when the next one begins
GRAPHS_KEPT = "graphs of earlier batches are still in memory"


def build(name: str, values: list[Any]) -> Callable:
    """The function called ``name``, closed over ``values``.

    Raises:
        KeyError: if there is no such stand-in.
    """
    return _BUILDERS[name](*values)


def _cell(states: int, form: str) -> Callable:
    """A recurrent net ``(inputs, state, params) -> (outputs, state)``.

    Params: A (d, h), B (h, h), c (h,), V (h, q), e (q,). With two states the second gathers the
    first, so that a state that is cut, swapped or forgotten shows in the outputs.

    Args:
        states: 1 or 2 matrices (n, h) in the state.
        form: how outputs are returned: "list", "tensor" (T, n, q) or "joined" (T·n, q).
    """

    def cell(inputs, state, params):
        A, B, c, V, e = params
        H, *more = state
        steps = []
        for X in inputs:
            if len(X) != len(H):  # else a state of one row would be broadcast
                raise ValueError(f"the state has {len(H)} rows, the inputs have {len(X)}")
            drive = X.to(A.dtype) @ A + H @ B + c
            H = 0.5 * H + torch.sin(drive)
            if more:
                more = [0.75 * more[0] + 0.25 * H * torch.cos(more[0])]
            steps.append((H + sum(more)) @ V + e)
        if form == "tensor":
            return torch.stack(steps), (H, *more)
        if form == "joined":
            return torch.cat(steps, dim=0), (H, *more)
        return steps, (H, *more)

    assert states in (1, 2)
    return cell


def _watched_cell(states: int, form: str) -> Callable:
    """The same net; it raises where the graphs of more than two earlier calls are still in memory.

    A call's graph lives as long as anything that was computed from its outputs without detaching.
    """
    cell = _cell(states, form)
    graphs: list[weakref.ref] = []

    def watched_cell(inputs, state, params):
        alive = sum(graph() is not None for graph in graphs)
        if alive > MOST_GRAPHS:
            raise RuntimeError(f"{alive} {GRAPHS_KEPT}")  # no MemoryError: no limit was met
        outputs, state = cell(inputs, state, params)
        last = outputs if isinstance(outputs, torch.Tensor) else outputs[-1]
        if last.grad_fn is not None:
            token = _Token()
            last.grad_fn.metadata["token"] = token  # type: ignore[index]
            graphs.append(weakref.ref(token))
        return outputs, state

    return watched_cell


class _Token:
    """Lives as long as the graph that it was given to."""


def _zero_state(states: int, dtype: str) -> Callable:
    """``init(batch_size, num_hiddens, device)`` that returns ``states`` zeros of (n, h)."""

    def init_state(batch_size, num_hiddens, device=None):
        shape, kind = (batch_size, num_hiddens), getattr(torch, dtype)
        return tuple(torch.zeros(shape, dtype=kind, device=device) for _ in range(states))

    return init_state


def _fixed_params(params: list[torch.Tensor]) -> Callable:
    """``get_params(num_inputs, num_hiddens, num_outputs, device)`` that returns fresh copies."""
    sizes = (*params[0].shape, params[-1].shape[0])

    def get_params(num_inputs, num_hiddens, num_outputs, device=None):
        if (num_inputs, num_hiddens, num_outputs) != sizes:
            given = f"({num_inputs}, {num_hiddens}, {num_outputs}, device)"
            raise ValueError(f"get_params{given} was called instead of get_params{sizes}")
        return [param.detach().clone().to(device).requires_grad_() for param in params]

    return get_params


def _layer(
    kind: str, num_layers: int, bidirectional: bool, params: list[torch.Tensor]
) -> torch.nn.RNNBase:
    """An ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM`` with these parameters, in torch's own order."""
    width, inputs = params[1].shape[-1], params[0].shape[-1]
    options = {"num_layers": num_layers, "bidirectional": bidirectional}
    layer = getattr(torch.nn, kind)(
        inputs, width, dtype=params[0].dtype, device=params[0].device, **options
    )
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), params, strict=True):
            parameter.copy_(value)
    return layer


_BUILDERS: dict[str, Callable[..., Callable]] = {
    "cell": _cell,
    "watched_cell": _watched_cell,
    "zero_state": _zero_state,
    "fixed_params": _fixed_params,
    "layer": _layer,
}
