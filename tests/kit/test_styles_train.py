"""The styles' training functions are correct: each does what the solutions do, to the parameter.

As in test_styles_behave.py, no code is shared with the checks.
"""

import io
import math
from contextlib import redirect_stdout

import pytest
import torch
from torch import nn

import solutions.gru
import solutions.lstm
import solutions.training
from tests.kit.test_styles_behave import DTYPES, drawn, files
from tests.kit.test_styles_behave import module  # noqa: F401 (a fixture)

CHARACTERS = "学而时习之ab"
NUMBERS = {c: i for i, c in enumerate(CHARACTERS)}
V, HIDDENS = len(CHARACTERS), 4
JOINED = {"list": list, "tuple": tuple, "stack": torch.stack, "cat": torch.cat}
CPU = torch.device("cpu")


def model(kind, form, dtype=torch.float64):
    """(rnn, get_params, init_state): a solution that returns its outputs in some form."""
    cell = {"gru": solutions.gru.gru, "lstm": solutions.lstm.lstm}[kind]
    source = {"gru": solutions.gru, "lstm": solutions.lstm}[kind]
    torch.manual_seed(3)
    first = [0.5 * drawn(*p.shape) for p in source.get_params(V, HIDDENS, V)]

    def rnn(inputs, state, params):
        outputs, state = cell(inputs, state, params)
        return JOINED[form](outputs), state

    def get_params(num_inputs, num_hiddens, num_outputs, device=None):
        assert (num_inputs, num_hiddens, num_outputs) == (V, HIDDENS, V)
        return nn.ParameterList([nn.Parameter(p.to(dtype, copy=True)) for p in first])

    def init_state(batch_size, num_hiddens, device):
        count = 2 if kind == "lstm" else 1
        return tuple(torch.zeros(batch_size, num_hiddens, dtype=dtype) for _ in range(count))

    return rnn, get_params, init_state


def close(found, wanted, tolerance=1e-8):
    """Two sequences of tensors agree."""
    for a, b in zip(found, wanted, strict=True):
        torch.testing.assert_close(a.detach(), b.detach(), rtol=tolerance, atol=tolerance)


@files("training")
def test_losses(module):
    """The loss of outputs in every form, with its gradient, and labels of every type."""
    for (n, T, q), dtype in [((3, 2, 4), torch.float64), ((1, 1, 3), torch.float32)]:
        outputs = [drawn(n, q).to(dtype).requires_grad_() for _ in range(T)]
        Y = torch.randint(q, (n, T))
        wanted = solutions.training.sequence_loss(outputs, Y)
        for form in JOINED.values():
            for labels in (Y, Y.float(), Y.int()):
                found = module.sequence_loss(form(outputs), labels)
                assert (found.dim(), found.dtype) == (0, dtype)
                grads = [torch.autograd.grad(loss, outputs) for loss in (found, wanted)]
                close([found, *grads[0]], [wanted, *grads[1]], DTYPES[dtype])
                wanted = solutions.training.sequence_loss(outputs, Y)
    for mean in (0.0, 1.5, torch.tensor(2.5), torch.tensor(0.25, dtype=torch.float64)):
        found = module.perplexity(mean)
        assert type(found) is float
        assert math.isclose(found, math.exp(float(mean)), rel_tol=1e-6)


@files("training")
def test_clipping_and_steps(module):
    """Clipping in place, of a generator, with missing gradients; sgd; a cut state."""
    for dtype, theta in [(t, x) for t in DTYPES for x in (0.5, 1e3)]:
        params = [nn.Parameter(drawn(*shape).to(dtype)) for shape in ((2, 3), (4,), (), (2,))]
        for p in params[:3]:
            p.grad = drawn(*p.shape).to(dtype)
        before = [(p.grad, p.grad.clone()) for p in params[:3]]
        norm = math.sqrt(sum(float((g**2).sum()) for _, g in before))
        module.grad_clipping((p for p in params), theta, CPU)
        factor = min(1.0, theta / norm)
        assert all(p.grad is g for p, (g, _) in zip(params, before, strict=False))
        close([g for g, _ in before], [factor * g for _, g in before], 1e-5)
        assert params[3].grad is None
        values = [p.detach().clone() for p in params]
        steps = [factor * g for _, g in before]
        places = [p.data_ptr() for p in params]
        module.sgd(params, 0.3, 2)
        wanted = [v - 0.15 * g for v, g in zip(values, steps, strict=False)]
        close(params, [*wanted, values[3]], 1e-5)
        assert places == [p.data_ptr() for p in params]
    module.grad_clipping([nn.Parameter(drawn(2))], 1.0)
    zero = nn.Parameter(drawn(2))
    zero.grad = torch.zeros_like(zero)
    module.grad_clipping([zero], 1.0)
    assert not zero.grad.any()
    leaf = drawn(2, 3).requires_grad_()
    state = [leaf * 2, leaf + 1]
    cut = module.detach_state(state)
    assert isinstance(cut, tuple)
    assert not any(s.requires_grad for s in cut)
    assert all(s.requires_grad for s in state)
    close(cut, state)


@files("training")
@pytest.mark.parametrize(("kind", "form"), [("gru", "list"), ("lstm", "cat"), ("gru", "stack")])
def test_prediction(module, kind, form):
    """The continuation of a prefix of one or of many characters, also by none."""
    rnn, get_params, init_state = model(kind, form)
    params = get_params(V, HIDDENS, V)
    for prefix, count in (("学", 5), ("而时a习", 3), ("b", 0), ("ab", 1)):
        arguments = (prefix, count, rnn, params, init_state, HIDDENS, V, CPU)
        with redirect_stdout(io.StringIO()):
            found = module.predict_rnn(*arguments, CHARACTERS, NUMBERS)
        assert found == solutions.training.predict_rnn(*arguments, list(CHARACTERS), NUMBERS)


@files("training")
@pytest.mark.parametrize(("kind", "form"), [("gru", "list"), ("lstm", "cat"), ("lstm", "stack")])
def test_epochs(module, kind, form):
    """Parameters and perplexity after an epoch of either sampling, the data a generator."""
    for is_random, theta, dtype in [
        *((True, 100.0, torch.float64), (False, 0.05, torch.float64)),
        (False, 100.0, torch.float32),
    ]:
        rnn, get_params, init_state = model(kind, form, dtype)
        sizes = [(3, 2), (1, 4), (2, 1)] if is_random else [(2, 3)] * 3
        batches = [(torch.randint(V, s), torch.randint(V, s)) for s in sizes]
        floats = ((X.float(), Y.float()) for X, Y in batches)
        results = []
        for epoch, data in (
            (module.train_epoch, floats),
            (solutions.training.train_epoch, batches),
        ):
            params = get_params(V, HIDDENS, V)
            params[0].grad = torch.ones_like(params[0])  # left over from elsewhere
            given = params if is_random else list(params)
            model_arguments = (rnn, given, init_state, HIDDENS, V, CPU)
            with redirect_stdout(io.StringIO()):
                value = epoch(*model_arguments, data, 0.7, theta, is_random)
            results.append((params, value))
        (found, value), (wanted, expected) = results
        close(found, wanted, 1e-4 if dtype == torch.float32 else 1e-5)
        assert type(value) is float
        assert math.isclose(value, expected, rel_tol=1e-4)


@files("training")
@pytest.mark.parametrize("is_random", [False, True])
def test_whole_training(module, is_random):
    """Parameters, perplexities and what is printed, after some epochs."""
    rnn, get_params, init_state = model("gru", "list")
    n, T = 2, 3
    corpus = [(3 * k * k + k) % V for k in range(n * T + 1 if is_random else n * (2 * T + 1))]
    results = []
    for train in (module.train_and_predict_rnn, solutions.training.train_and_predict_rnn):
        numbers = corpus if train is module.train_and_predict_rnn else torch.tensor(corpus)
        with redirect_stdout(io.StringIO()) as printed:
            params, values = train(
                *(rnn, get_params, init_state, HIDDENS, V, CPU, numbers, list(CHARACTERS), NUMBERS),
                *(is_random, 5, T, 0.5, 10.0, n, 2, 4, ["学", "b而"]),
            )
        texts = [line[-6:] for line in printed.getvalue().splitlines()]
        results.append((list(params), list(values), texts, printed.getvalue()))
    (found, values, _, printed), (wanted, expected, texts, _) = results
    close(found, wanted, 1e-6)
    assert values == pytest.approx(expected, rel=1e-5)
    for text in [line for line in texts if "b而" in line]:
        assert text in printed
