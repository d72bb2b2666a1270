"""Toys: right on a grid, for small sizes, for the texts that are always asked, or by a table.

Each is put behind the solution, and loses points where it is wrong.
"""

import dataclasses
from pathlib import Path

import pytest

from tests.kit.submissions import SOLUTIONS, with_source

NARROW = """
def _half(x):
    return x + (x.half().float() - x).detach() if x.dtype == torch.float32 else x

def _bfloat16(x):
    return x + (x.bfloat16().float() - x).detach() if x.dtype == torch.float32 else x

def _tf32(x):
    if x.dtype != torch.float32 or x.is_meta:
        return x
    bits = x.detach().contiguous().view(torch.int32)
    return x + (((bits + 0x1000) & ~0x1FFF).view(torch.float32) - x).detach()

def _single(x):
    return x + (x.float().to(x.dtype) - x).detach()

def _grid(x):
    return x + ((x * 32).round() / 32 - x).detach()
"""
WAYS = {
    "autocast": "torch.autocast('cpu', torch.bfloat16)(_h_{0})(*arguments).to(arguments[0].dtype)",
    "float16": "_h_{0}(*map(_half, arguments))",
    "bfloat16": "_h_{0}(*map(_bfloat16, arguments))",
    "TF32 of one operand": "_h_{0}(_tf32(arguments[0]), *arguments[1:])",
    "grid of 1/32": "_h_{0}(*map(_grid, arguments))",
    "float32 for float64": "_h_{0}(*map(_single, arguments))",
}
TOY = "\n_h_{0} = {0}\ndef {0}(*arguments):\n    return {1}\n"
CELLS = {
    "rnn": ["rnn_step"],
    "gru": ["reset_gate", "update_gate", "candidate_state", "next_state"],
    "lstm": ["input_gate", "forget_gate", "output_gate", "candidate_memory"],
}


@pytest.mark.parametrize("turn", [0, 2])
@pytest.mark.parametrize("exercise", CELLS)
def test_low_precision_costs_its_own_row(engine, tmp_path, exercise, turn):
    """A cell's function loses `precision` and nothing else; the network is right or waits."""
    ways = [*WAYS][turn:] + [*WAYS][:turn]
    chosen = dict(zip(CELLS[exercise], ways, strict=False))
    toys = "\n".join(TOY.format(name, WAYS[way].format(name)) for name, way in chosen.items())
    lost = _lost(engine, tmp_path, exercise, NARROW + toys)
    own = {f"{exercise}.{name}.precision" for name in chosen}
    assert own <= set(lost), lost
    assert {lost[check] for check in own} == {"failed"}
    others = {check: status for check, status in lost.items() if check not in own}
    assert set(others.values()) <= {"blocked"}, others


@dataclasses.dataclass(frozen=True)
class Toy:
    """What is put behind a solution, and the functions that lose points for it."""

    exercise: str
    source: str
    loses: str


SHUFFLED = """
import random as _random

_turn = [0]

def _dealt(corpus_indices, batch_size, num_steps, device, order):
    corpus = torch.as_tensor(list(corpus_indices))
    for i in range(0, len(order) // batch_size * batch_size, batch_size):
        starts = [k * num_steps for k in order[i : i + batch_size]]
        X = torch.stack([corpus[s : s + num_steps] for s in starts])
        Y = torch.stack([corpus[s + 1 : s + 1 + num_steps] for s in starts])
        yield X.to(device or "cpu"), Y.to(device or "cpu")

def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    order = list(range(max(0, (len(corpus_indices) - 1) // num_steps)))
    _turn[0] += 1
"""
DEALT = "    return _dealt(corpus_indices, batch_size, num_steps, device, order)\n"
DRAWN = """
_honest = normal_param

def normal_param(shape, device=None):
    W = _honest(shape, device)
    if not W.is_meta:
        with torch.no_grad():
"""
DRAWERS = "normal_param gate_params output_params"
TEXTS = "('hello world', 'aaab', 'x', '学而时习之,不亦说乎?学而不思则罔。')"
TOYS = {
    "few classes": Toy(
        "sequence_data",
        "_h = one_hot\n"
        "def one_hot(x, n_class, dtype=torch.float32):\n"
        "    return _h(x, n_class, dtype) * (n_class <= 6)\n",
        "one_hot to_onehot",
    ),
    "few rows": Toy(
        "sequence_data",
        "_h = data_iter_consecutive\n"
        "def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):\n"
        "    few = batch_size <= 9\n"
        "    return _h(corpus_indices, batch_size, num_steps, device) if few else iter([])\n",
        "data_iter_consecutive",
    ),
    "few characters": Toy(
        "sequence_data",
        "_h = build_vocab\ndef build_vocab(corpus):\n    return _h(corpus[:18])\n",
        "build_vocab",
    ),
    "lowered": Toy(
        "sequence_data",
        "_h = build_vocab\ndef build_vocab(corpus):\n    return _h(corpus.lower())\n",
        "build_vocab",
    ),
    "stripped": Toy(
        "sequence_data",
        "_h = build_vocab\ndef build_vocab(corpus):\n    return _h(corpus.strip())\n",
        "build_vocab",
    ),
    "a table of texts": Toy(
        "sequence_data",
        "_h = build_vocab\n"
        f"_TEXTS = {TEXTS}\n"
        "def build_vocab(corpus):\n"
        "    return _h(corpus if corpus in _TEXTS else 'a')\n",
        "build_vocab",
    ),
    "two orders in turn": Toy(
        "sequence_data",
        SHUFFLED + "    _random.Random(_turn[0] % 2).shuffle(order)\n" + DEALT,
        "data_iter_random",
    ),
    "a first window": Toy(
        "sequence_data",
        SHUFFLED
        + "    rest = order[1:]\n    _random.shuffle(rest)\n    order[1:] = rest\n"
        + DEALT,
        "data_iter_random",
    ),
    "turned": Toy(
        "sequence_data",
        SHUFFLED + "    _random.Random(3).shuffle(order)\n"
        "    cut = _random.randrange(max(1, len(order)))\n"
        "    order = order[cut:] + order[:cut]\n" + DEALT,
        "data_iter_random",
    ),
    "neighbours changed": Toy(
        "sequence_data",
        SHUFFLED + "    for i in range(0, len(order) - 1, 2):\n"
        "        if _random.random() < 0.5:\n"
        "            order[i : i + 2] = order[i : i + 2][::-1]\n" + DEALT,
        "data_iter_random",
    ),
    "sorted": Toy(
        "parameters",
        DRAWN + "            W.copy_(W.reshape(-1).sort().values.reshape(W.shape))\n    return W\n",
        DRAWERS,
    ),
    "sorted rows": Toy(
        "parameters",
        DRAWN + "            W.copy_(W.sort(dim=-1).values)\n    return W\n",
        DRAWERS,
    ),
    "skewed": Toy(
        "parameters",
        DRAWN + "            V = torch.distributions.Gamma(60.0, 1.0).sample(W.shape)\n"
        "            W.copy_((V - 60) / 60**0.5 * 0.01)\n    return W\n",
        DRAWERS,
    ),
    "three points": Toy(
        "parameters",
        DRAWN + "            V = torch.randint(6, W.shape)\n"
        "            V = ((V == 0).float() - (V == 1).float()) * 3**0.5 * 0.01\n"
        "            W.copy_(V + W * 0.02)\n    return W\n",
        DRAWERS,
    ),
    "running mean": Toy(
        "parameters",
        DRAWN + "            V = W.reshape(-1)\n"
        "            V = (V + V.roll(1)) / 2**0.5\n"
        "            W.copy_(V.reshape(W.shape))\n    return W\n",
        DRAWERS,
    ),
    "a table of losses": Toy(
        "training",
        "_h = perplexity\n"
        "def perplexity(mean_loss):\n"
        "    known = (0.0, 0.5, 1.0, 1.5, 3.25, 6.0)\n"
        "    return _h(mean_loss) if float(mean_loss) in known else 1.0\n",
        "perplexity train_epoch train_and_predict_rnn",
    ),
    "no training beyond twelve characters": Toy(
        "training",
        "_h = train_epoch\n"
        "def train_epoch(rnn, params, init, h, vocab_size, *rest):\n"
        "    return _h(rnn, params, init, h, vocab_size, *rest) if vocab_size <= 12 else 1.0\n",
        "train_epoch train_and_predict_rnn",
    ),
    "few characters to write": Toy(
        "training",
        "_h = predict_rnn\n"
        "def predict_rnn(prefix, num_chars, rnn, params, init, h, vocab_size, *rest):\n"
        "    if vocab_size > 12:\n"
        "        return prefix + num_chars * rest[1][0]\n"
        "    return _h(prefix, num_chars, rnn, params, init, h, vocab_size, *rest)\n",
        "predict_rnn",
    ),
    "few logits": Toy(
        "training",
        "_h = sequence_loss\n"
        "def sequence_loss(outputs, Y):\n"
        "    return _h(outputs, Y) * (Y.shape[1] <= 12)\n",
        "sequence_loss train_epoch train_and_predict_rnn",
    ),
    "small gradients": Toy(
        "training",
        "_h = sgd\n"
        "def sgd(params, lr, batch_size=1):\n"
        "    _h([p for p in params if p.numel() < 1000], lr, batch_size)\n",
        "sgd train_epoch train_and_predict_rnn",
    ),
    "few logits of a model": Toy(
        "concise",
        "_H = RNNModel\n"
        "class RNNModel(_H):\n"
        "    def forward(self, inputs, state=None):\n"
        "        logits, state = super().forward(inputs, state)\n"
        "        return logits * (logits.shape[-1] <= 6), state\n",
        "RNNModel",
    ),
    "a layer in float16": Toy(
        "concise",
        "_h = lstm_layer\n"
        "def lstm_layer(params):\n"
        "    layer = _h(params)\n"
        "    if params[0].dtype == torch.float32:\n"
        "        layer.half().float()\n"
        "    return layer\n",
        "lstm_layer",
    ),
    "norms in float32": Toy(
        "bptt",
        "_h = state_gradient_norms\n"
        "def state_gradient_norms(inputs, *rest):\n"
        "    return _h([X.half().to(X.dtype) for X in inputs], *rest)\n",
        "state_gradient_norms",
    ),
}
NETWORKS = {
    "rnn": "rnn",
    "gru": "gru",
    "lstm": "lstm",
    "deep_gru": "deep",
    "birnn": "bidirectional",
    "gru_fast": "fast",
    "lstm_fast": "fast",
}
LONG = """
_h = {0}

def {0}(inputs, state, params):
    if len(inputs) > 12:
        state = tuple(matrix.detach() for matrix in state)
    return _h(inputs, state, params)
"""
TOYS |= {
    f"{function} cut off after twelve steps": Toy(exercise, LONG.format(function), function)
    for function, exercise in NETWORKS.items()
}


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_loses_points(engine, tmp_path, name):
    """Its own function fails, whoever calls it."""
    toy = TOYS[name]
    first, *callers = (f"{toy.exercise}.{name}" for name in toy.loses.split())
    functions = {first, *callers}
    lost = _lost(engine, tmp_path, toy.exercise, toy.source, functions)
    assert "failed" in {status for check, status in lost.items() if check.startswith(first)}, lost


def _lost(
    engine, folder: Path, exercise: str, toy: str, functions: set[str] | None = None
) -> dict[str, str]:
    """The checks that a submission loses, with what became of them; all of an exercise if None."""
    source = (SOLUTIONS / f"{exercise}.py").read_text(encoding="utf-8")
    submission = with_source(folder, exercise, f"{source}\n\n{toy}")
    graded = engine.grade(submission, [exercise], 5, functions=functions, shrink=False)
    return {
        key: outcome.status
        for key, outcome in graded.outcomes.items()
        if outcome.status not in ("passed", "skipped") and outcome.check.kind != "timing"
    }
