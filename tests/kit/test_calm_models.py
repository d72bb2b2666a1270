"""Training checks compare numbers after many steps: rounding must not grow on the way."""

import dataclasses

import pytest
import torch

from grader.checking.cases import FEW, MIDDLE, USUAL, Fill
from tests.checks import reference_training as right
from tests.checks import training_runs

SMALL = {"n": 3, "q": 5, "T": 4, "h": 4}
LARGE = {letter: sizes[-1] for letter, sizes in {**USUAL, **FEW}.items()}
NUDGE, GROWN = 1e-12, 1e-9


@pytest.mark.parametrize("sizes", [SMALL, MIDDLE, LARGE], ids=["small", "middle", "large"])
def test_a_model_that_is_trained_is_not_chaotic(sizes):
    """Parameters that are off by the last digits end close to where they would have."""
    for seed in range(3):
        own = {letter: sizes[letter] for letter in "nqTh"}
        extra = training_runs.epoch.build(Fill(seed), **own)["extra"]
        for model in extra["models"].values():
            noise = Fill(seed + 1)
            nudged = dataclasses.replace(
                model, params=[p * (1 + NUDGE * noise(*p.shape)) for p in model.params]
            )
            ends = [
                right.train_epoch(each, extra["batches"] * 2, 0.5, 1e6, False)[0]
                for each in (model, nudged)
            ]
            for one, other in zip(*ends, strict=True):
                assert torch.allclose(one, other, rtol=0, atol=GROWN)
