"""``fast`` and the textbook loops against torch's own layers, on one device, by its own events."""

import statistics
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from solutions import fast, gru, lstm

SIZES = {"n": 32, "d": 64, "h": 256, "q": 64, "T": 64}
ROUNDS, WARM = 15, 4
FLUSH_BYTES = 1 << 28  # more than any card's L2 cache


def seconds(call: Callable[[], Any], device: str, flush: torch.Tensor) -> float:
    """Median seconds of a call, the cache flushed before each, taken in turn with nothing else."""
    taken = []
    for number in range(WARM + ROUNDS):
        flush.zero_()
        start, end = (torch.Event(device=device, enable_timing=True) for _ in range(2))
        start.record()
        call()
        end.record()
        end.synchronize()
        if number >= WARM:
            taken.append(start.elapsed_time(end) / 1000)
    return statistics.median(taken)


def against_torch(device: str) -> list[dict[str, Any]]:
    """Forward times of the textbook's loop, the fast one and torch's layer, and their ratios."""
    found = []
    n, d, h, q, T = SIZES.values()
    flush = torch.zeros(FLUSH_BYTES // 4, device=device)
    for name, textbook, quick, layer, states in (
        ("gru", gru.gru, fast.gru_fast, nn.GRU(d, h), 1),
        ("lstm", lstm.lstm, fast.lstm_fast, nn.LSTM(d, h), 2),
    ):
        module = gru if name == "gru" else lstm
        with torch.no_grad():
            params = [p.to(device) for p in module.get_params(d, h, q)]
            inputs = torch.randn(T, n, d, device=device)
            state = tuple(torch.zeros(n, h, device=device) for _ in range(states))
            layer.to(device)
            first = tuple(s[None] for s in state)
            own = first if states > 1 else first[0]
            times = {
                "textbook": seconds(lambda: textbook(inputs, state, params), device, flush),
                "fast": seconds(lambda: quick(inputs, state, params), device, flush),
                "torch": seconds(lambda: layer(inputs, own), device, flush),
            }
        ratios = {
            f"{k}_to_torch": round(times[k] / times["torch"], 2) for k in ("textbook", "fast")
        }
        ms = {key: round(value * 1000, 3) for key, value in times.items()}
        found.append({"network": name, "sizes": SIZES, "ms": ms, **ratios})
    return found
