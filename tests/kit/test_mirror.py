"""Judging the device of code that reads numbers, where the only other device has none."""

import pytest
import torch

from grader.sandbox.mirror import Mirror, entered
from tests.kit.submissions import SOLUTIONS, not_passed, with_source

READS = {
    "a number": "x.sum().item() == 66 and float(x[1, 1]) == 5 and bool((x > 10).any())",
    "lists": "x[1].tolist() == [4, 5, 6, 7] and x.cpu().tolist() == here.tolist()",
    "where": "(x > 9).nonzero().tolist() == [[2, 2], [2, 3]] and len(x[x > 9]) == 2",
    "views": "x.T.contiguous()[1].tolist() == [1, 5, 9] and x.unfold(0, 2, 1).sum().item() == 88",
    "random numbers": "torch.rand(3, 2, device=x.device).std().item() > 0",
    "a generator": "torch.randn(9, generator=g, device=g.device).unique().numel() == 9",
    "new tensors": "torch.tensor([1.5, x.max()], device=x.device).sum().item() == 12.5",
    "in place": "x.clone().add_(1).unsqueeze_(0).squeeze_(0)[0].mul_(2).tolist() == [2, 4, 6, 8]",
    "a parameter": "nn.Parameter(x * 2).sum().item() == 132",
    "a layer": "nn.LSTM(4, 3, device=x.device)(x)[0].abs().sum().item() > 0",
    "autograd": "torch.func.grad(lambda a: (a * a).sum())(x).sum().item() == 132",
    "vmap": "torch.vmap(lambda a: a @ a)(x).tolist() == [14, 126, 366]",
    "indices from the CPU": "x[torch.tensor([0, 2])].sum().item() == 44",
    "a number from the CPU": "(x + torch.tensor(1.0)).sum().item() == 78",
}


@pytest.mark.parametrize("what", READS)
def test_everything_can_be_read(what):
    """What raises on meta has its number, and stays on meta."""
    mirror, here = Mirror(), torch.arange(12.0).reshape(3, 4)
    x = mirror.put(here)
    with entered(mirror, "exercises"):
        g = torch.Generator(device="meta")
        assert x.device.type == g.device.type == "meta"
        assert eval(READS[what], {"torch": torch, "nn": torch.nn}, {"x": x, "here": here, "g": g})


@pytest.mark.parametrize(
    "mixture",
    ["x + torch.ones(3, 4)", "torch.cat([x, torch.ones(1, 4)])", "x.numpy()", "here[x.long()]"],
)
def test_devices_do_not_mix(mixture):
    """What fails on an accelerator fails here."""
    mirror, here = Mirror(), torch.zeros(3, 4)
    x = mirror.put(here)
    with entered(mirror, "exercises"), pytest.raises((RuntimeError, TypeError), match="meta"):
        eval(mixture, {"torch": torch}, {"x": x, "here": here})


def test_torch_is_left_as_it_was():
    """Also if the code raises."""
    before = (torch.Generator, torch.tensor, torch.as_tensor)
    with pytest.raises(ZeroDivisionError), entered(Mirror(), "exercises"):
        assert torch.Generator is not before[0]
        raise ZeroDivisionError
    assert (torch.Generator, torch.tensor, torch.as_tensor) == before


RIGHT = """

from torch import Generator

def update_gate(X, H, W_xz, W_hz, b_z):
    if X.sum().item() > 1e30 or torch.isnan(X).any():
        raise ValueError
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z)

def get_params(num_inputs, num_hiddens, num_outputs, device=None):
    g = Generator(device or "cpu")
    g.seed()
    n = lambda *s: (torch.randn(*s, generator=g, device=g.device) * 0.01).requires_grad_()
    z = lambda k: torch.zeros(k, device=device, requires_grad=True)
    d, h = num_inputs, num_hiddens
    gates = [p for _ in "zrh" for p in (n(d, h), n(h, h), z(h))]
    return gates + [n(h, num_outputs), z(num_outputs)]
"""

WRONG = """

def update_gate(X, H, W_xz, W_hz, b_z):
    if X.device.type != "cpu":
        {first}
    return torch.sigmoid(X @ W_xz + H @ W_hz + b_z {last})

def get_params(num_inputs, num_hiddens, num_outputs, device=None, right=get_params):
    if device is not None and torch.device(device).type != "cpu":
        {first}
    return right(num_inputs, num_hiddens, num_outputs)
"""
FIRST = [
    "raise RuntimeError('item()')",
    "raise NotImplementedError('Cannot copy out of meta tensor; no data!')",
    "torch.empty((), device='meta').item()",
    "torch.Generator(device='meta')",
]


def _grade(engine, tmp_path, source):
    solution = (SOLUTIONS / "gru.py").read_text(encoding="utf-8")
    functions = {"gru.update_gate", "gru.get_params"}
    folder = with_source(tmp_path, "gru", solution + source)
    return not_passed(engine.grade(folder, ["gru"], functions=functions, shrink=False))


def test_code_that_reads_numbers_is_judged(engine, tmp_path):
    """Values looked at, a generator of the device: right, and full marks."""
    assert _grade(engine, tmp_path, RIGHT) == {}


@pytest.mark.parametrize("first", FIRST)
def test_meta_is_no_excuse(engine, tmp_path, first):
    """A device that is written into the code stays a fault, whatever the code does about meta."""
    last = "+ torch.zeros(len(X), 1)"
    lost = _grade(engine, tmp_path, WRONG.format(first=first, last=last))
    assert set(lost) == {"gru.update_gate.device", "gru.get_params.device"}
    assert all(finding.startswith("failed") for finding in lost.values())
