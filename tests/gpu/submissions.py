"""What the device's run grades: right, wrong and slow versions of the networks."""

import random
from collections.abc import Iterator
from pathlib import Path

from grader import misconceptions
from tests.kit.submissions import SOLUTIONS, with_source

EXERCISES = ("rnn", "gru", "lstm", "concise", "fast", "training", "deep")
WRONG = 20
LOOP = """

def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), outputs = state, []
    for t, X in enumerate(inputs):
{before}
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H_tilde = torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        H = Z * H + (1 - Z) * H_tilde
{after}
        outputs.append(H @ W_hq + b_q)
    return outputs, (H,)
"""
NOTHING = "        pass"
AGAIN = """        if t % 2:
            Z_, R_ = (torch.sigmoid(X @ W + H @ U + b) for W, U, b in (params[0:3], params[3:6]))
            spare = Z_ * H + (1 - Z_) * torch.tanh(X @ W_xh + (R_ * H) @ W_hh + b_h)
            spare @ W_hq + b_q"""
SLOW = {
    "reads_a_number": "        H[0, 0].item()",
    "goes_by_way_of_the_cpu": "        H = H.cpu().to(X.device)",
    "waits_each_step": "        float(H.sum())",
    "reads_a_list": "        H.tolist()",
    "decides_by_a_number": "        if bool((H > 9).any()):\n            H = H + 0",
    "prints_a_number": "        str(H.mean())",
    "a_loop_over_samples": "        H = torch.stack([row * 1 for row in H])",
    "a_loop_over_units": "        H = torch.stack([H[:, j] for j in range(H.shape[1])], dim=1)",
    "thirty_times": "        for _ in range(30):\n            H = H.clone() * 1",
    "sixty_products": "        eye = torch.eye(H.shape[1], device=H.device, dtype=H.dtype)\n"
    "        for _ in range(60):\n            H = H @ eye",
}


# What a row of counted cost or the clock must see; of the others the figures are kept.
MUST_LOSE = frozenset(
    f"gru.gru.{name}"
    for name in (
        *("reads_a_number", "waits_each_step", "decides_by_a_number"),
        *("a_loop_over_samples", "sixty_products"),
    )
)


def hand_in(folder: Path, exercise: str, source: str) -> None:
    """The solutions in ``folder``, with one exercise's file replaced."""
    with_source(folder, exercise, source)


def _gru(before: str = NOTHING, after: str = NOTHING) -> str:
    loop = LOOP.format(before=before, after=after)
    return (SOLUTIONS / "gru.py").read_text(encoding="utf-8") + loop


def same() -> str:
    """A GRU that costs what the reference's costs."""
    return _gru()


def half_again() -> str:
    """A GRU that does every other step's work twice."""
    return _gru(before=AGAIN)


def slow() -> Iterator[tuple[str, str]]:
    """Ten right but slow versions, by name."""
    for name, after in SLOW.items():
        yield f"gru.gru.{name}", _gru(after=after)


def wrong() -> Iterator[tuple[str, str]]:
    """Wrong versions of several exercises, the same in every run."""
    known = [m for name in EXERCISES for m in misconceptions.misconceptions(name)]
    for mistake in sorted(random.Random(2026).sample(known, WRONG), key=lambda m: m.id):
        source = (SOLUTIONS / f"{mistake.exercise}.py").read_text(encoding="utf-8")
        yield mistake.id, misconceptions.submission_source(mistake, source)
