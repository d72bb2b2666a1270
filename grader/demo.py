"""``make demo``: the solutions' networks learn a text, and continue it.

Trains an RNN, a GRU, an LSTM, a deep GRU and torch's own LSTM on one of the corpora for a few dozen
epochs, shows the perplexity falling, lets each continue the same prefix, and draws how far back
the gradient reaches in the first three. One seed gives one result. Meant to end within two minutes
on two cores: a net whose share of the time is used up stops earlier and says so.

    python -m grader.demo [--corpus lunyu|sonnets] [--epochs N] [--lang en|zh] [--seed N]
                          [--plot FILE]
"""

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from rich import progress
from rich.console import Console
from rich.table import Table

from grader.corpus import CORPORA, load_corpus
from grader.demo_nets import COMPARED, NETS
from grader.gradient_plot import gradient_norms, write_plot
from solutions.sequence_data import data_iter_consecutive
from solutions.training import predict_rnn, train_epoch

TIME_LIMIT = 100.0  # seconds for all nets; leaves room for the imports
WIDEST = max(map(len, NETS))
ROWS = 5  # how many times a net's perplexity is shown
Corpus = tuple[list[int], dict[str, int], list[str], int]  # as load_corpus returns it
TEXTS = {
    "en": {
        "start": "{corpus}: {chars} characters, {vocab} different ones; {hiddens} hidden units.",
        "guessing": "Blind guessing has perplexity {vocab}; a perfect model has 1.",
        "epoch": "epoch",
        "perplexity": "perplexity",
        "line": "{net}  epoch {epoch}  perplexity {perplexity:.2f}",
        "continued": 'Each continues "{prefix}":',
        "early": "{net} stopped after {epoch} epochs: its share of the time is used up.",
        "next": "These are the solutions. Now write your own: make grade EX=sequence_data",
        "epochs": "--epochs is at least 1",
        "fresh": "before training",
        "trained": "after training",
        "plot_x": "state after step t",
        "plot_y": "gradient norm, relative to the last state",
        "plotted": "Gradient norms through time: {path}",
        "reach": "Share of the gradient that is left {steps} steps back, {when}: {shares}",
        "plot_failed": "{path} can't be written. Choose another --plot FILE.",
    },
    "zh": {
        "start": "{corpus}：共 {chars} 个字符，其中 {vocab} 个互不相同；隐藏单元 {hiddens} 个。",
        "guessing": "盲猜的困惑度是 {vocab}，完美的模型是 1。",
        "epoch": "轮次",
        "perplexity": "困惑度",
        "line": "{net}  第 {epoch} 轮  困惑度 {perplexity:.2f}",
        "continued": "各个模型续写“{prefix}”：",
        "early": "{net} 训练到第 {epoch} 轮就停下了：分给它的时间已经用完。",
        "next": "以上是参考答案的结果。现在来写你自己的：make grade EX=sequence_data",
        "epochs": "--epochs 至少为 1",
        "fresh": "训练之前",
        "trained": "训练之后",
        "plot_x": "第 t 步之后的状态",
        "plot_y": "梯度范数（相对于最后一个状态）",
        "plotted": "各时间步的梯度范数图：{path}",
        "reach": "往回 {steps} 步之后剩下的梯度，{when}：{shares}",
        "plot_failed": "{path} 无法写入，请用 --plot 另选一个文件。",
    },
}


@dataclasses.dataclass(frozen=True)
class Settings:
    """How a corpus is trained on: enough to see the perplexity fall within the time."""

    corpus: str
    chars: int
    letters_only: bool
    num_steps: int
    batch_size: int
    epochs: int
    prefix: str
    length: int
    num_hiddens: int = 128
    lr: float = 100.0
    theta: float = 0.01


SETTINGS = {
    "lunyu": Settings("lunyu", 3_000, False, 20, 16, 60, "学而", 40),
    "sonnets": Settings("sonnets", 10_000, True, 35, 32, 50, "shall i ", 60),
}


class Learner:
    """One net on one corpus: trained epoch by epoch, and made to write.

    Attributes:
        perplexities: one an epoch so far.
        fresh_reach: ``reach`` before training, of the nets that the plot compares.
    """

    def __init__(self, net: str, settings: Settings, corpus: Corpus, seed: int) -> None:
        self.settings = settings
        self.corpus_indices, self.char_to_idx, self.idx_to_char, self.vocab_size = corpus
        torch.manual_seed(seed)
        self.net = NETS[net](self.vocab_size, settings.num_hiddens)
        sizes = (settings.num_hiddens, self.vocab_size, None)
        self.model = (self.net.forward, self.net.params, self.net.init_state, *sizes)
        self.perplexities: list[float] = []
        self.fresh_reach = self.reach() if net in COMPARED else []

    def epoch(self) -> float:
        """One more epoch; its perplexity."""
        chosen = self.settings
        data = data_iter_consecutive(self.corpus_indices, chosen.batch_size, chosen.num_steps)
        value = train_epoch(*self.model, data, chosen.lr, chosen.theta, is_random_iter=False)
        self.perplexities.append(value)
        return value

    def reach(self) -> list[float]:
        """Relative gradient norms on the corpus's first mini-batch, from the first state on."""
        chosen = self.settings
        data = data_iter_consecutive(self.corpus_indices, chosen.batch_size, chosen.num_steps)
        X, Y = next(iter(data))
        return gradient_norms(self.net, X, Y, self.vocab_size, chosen.num_hiddens)

    def continuation(self) -> str:
        """The prefix and what the net would write after it."""
        prefix, length = self.settings.prefix, self.settings.length
        return predict_rnn(prefix, length, *self.model, self.idx_to_char, self.char_to_idx)


def main(argv: Sequence[str] | None = None, console: Console | None = None) -> int:
    """The command line; returns the exit code."""
    options = _parser().parse_args(argv)
    texts = TEXTS[options.lang or _language()]
    if options.epochs is not None and options.epochs < 1:
        print(texts["epochs"], file=sys.stderr)
        return 2
    corpus = options.corpus or ("lunyu" if texts is TEXTS["zh"] else "sonnets")
    settings = SETTINGS[corpus]
    if options.epochs is not None:
        settings = dataclasses.replace(settings, epochs=options.epochs)
    torch.set_num_threads(1)  # matrices this small gain nothing from a second
    try:
        console = console or Console(markup=False, highlight=False)
        learners = show(settings, texts, options.seed, console)
        _plot(learners, settings, texts, options.plot, console)
    except KeyboardInterrupt:
        return 130
    except OSError:
        print(texts["plot_failed"].format(path=options.plot), file=sys.stderr)
        return 2
    console.print(texts["next"], soft_wrap=True)
    return 0


def show(
    settings: Settings, texts: dict[str, str], seed: int, console: Console
) -> dict[str, Learner]:
    """Trains the nets, prints what they learn, and returns them."""
    corpus = load_corpus(settings.corpus, settings.chars, settings.letters_only)
    sizes = {"chars": len(corpus[0]), "vocab": corpus[3], "hiddens": settings.num_hiddens}
    console.print(texts["start"].format(corpus=settings.corpus, **sizes), soft_wrap=True)
    console.print(texts["guessing"].format(**sizes), soft_wrap=True)
    deadline, learners = time.monotonic() + TIME_LIMIT, {}
    with _progress(console, texts) as bars:
        tasks = {net: bars.add_task(net, total=settings.epochs, perplexity="") for net in NETS}
        for net, task in tasks.items():
            learner = learners[net] = Learner(net, settings, corpus, seed)
            share = (deadline - time.monotonic()) / (len(NETS) - len(learners) + 1)
            for line in _train(learner, net, share, texts, bars, task):
                console.print(line, soft_wrap=True)
    _summary(settings, texts, learners, console)
    return learners


def _plot(
    learners: dict[str, Learner],
    settings: Settings,
    texts: dict[str, str],
    path: Path,
    console: Console,
) -> None:
    """Says how much of a gradient is left at the first state, and draws what is between."""
    panels = {
        texts["fresh"]: {net: learners[net].fresh_reach for net in COMPARED},
        texts["trained"]: {net: learners[net].reach() for net in COMPARED},
    }
    for when, norms in panels.items():
        shares = ", ".join(f"{net} {values[0]:.0e}" for net, values in norms.items())
        line = texts["reach"].format(steps=settings.num_steps, when=when, shares=shares)
        console.print(line, soft_wrap=True)
    write_plot(panels, texts["plot_x"], texts["plot_y"], path)
    console.print(texts["plotted"].format(path=path), soft_wrap=True)


def _train(
    learner: Learner,
    net: str,
    seconds: float,
    texts: dict[str, str],
    bars: progress.Progress,
    task: progress.TaskID,
) -> Iterator[str]:
    """Trains one net for its epochs or its seconds; gives the lines to print meanwhile."""
    last, end = learner.settings.epochs, time.monotonic() + seconds
    shown = rows(last) if bars.disable else []  # a bar tells it too
    for epoch in range(1, last + 1):
        value = learner.epoch()
        bars.update(task, completed=epoch, perplexity=f"{value:.2f}")
        if epoch in shown:
            yield texts["line"].format(net=net, epoch=epoch, perplexity=value)
        if epoch < last and time.monotonic() > end:
            yield texts["early"].format(net=net, epoch=epoch)
            return


def rows(epochs: int) -> list[int]:
    """The epochs that are shown: the first, the last, and some in between."""
    return sorted({1, *(max(1, epochs * row // (ROWS - 1)) for row in range(1, ROWS))})


def _summary(
    settings: Settings, texts: dict[str, str], learners: dict[str, Learner], console: Console
) -> None:
    table = Table(title=texts["perplexity"])
    table.add_column(texts["epoch"], justify="right")
    for net in learners:
        table.add_column(net, justify="right")
    for epoch in rows(settings.epochs):
        values = [learner.perplexities[epoch - 1 : epoch] for learner in learners.values()]
        table.add_row(str(epoch), *(f"{value[0]:.2f}" if value else "–" for value in values))
    console.print()
    console.print(table)
    console.print(texts["continued"].format(prefix=settings.prefix.strip()), soft_wrap=True)
    for net, learner in learners.items():
        console.print(f"  {net:<{WIDEST + 2}}{learner.continuation()}", soft_wrap=True)


def _progress(console: Console, texts: dict[str, str]) -> progress.Progress:
    """One bar a net; nothing at all where the output is no terminal."""
    return progress.Progress(
        progress.TextColumn(f"{{task.description:<{WIDEST}}}"),
        progress.BarColumn(),
        progress.TextColumn(f"{texts['epoch']} {{task.completed}}/{{task.total}}"),
        progress.TextColumn(f"{texts['perplexity']} {{task.fields[perplexity]}}"),
        progress.TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _language() -> str:
    """The locale's language, if it is one of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m grader.demo",
        description="Watch the solutions' networks learn a text and continue it.",
    )
    parser.add_argument("--corpus", choices=CORPORA, help="default: one in your language")
    parser.add_argument("--epochs", type=int, metavar="N", help="default: enough for a minute")
    parser.add_argument("--lang", choices=tuple(TEXTS), help="default: the locale's")
    parser.add_argument(
        "--plot",
        type=Path,
        default=Path("gradient-norms.svg"),
        metavar="FILE",
        help="where the plot of gradient norms goes; default: gradient-norms.svg",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    return parser


if __name__ == "__main__":
    sys.exit(main())
