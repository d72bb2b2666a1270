"""What the check files of the recurrent cells have in common: cases and parameter names."""

import collections

from grader.checking.cases import CaseSpec, Fill, spec
from grader.checking.comparison import Outputs

Result = collections.namedtuple("Result", "outputs state")


def result(returned) -> Result:
    """The reference's ``(outputs, state)`` as an expected value."""
    outputs, state = returned
    return Result(Outputs(outputs), tuple(state))


@spec("n d h", large=True)
def gate(fill: Fill, n: int, d: int, h: int) -> dict:
    """Arguments of a gate: X (n, d), H (n, h), W (d, h), U (h, h), b (h,)."""
    return {
        "X": fill(n, d),
        "H": fill(n, h),
        "W_x": fill(d, h, scale=0.7),
        "W_h": fill(h, h, scale=0.7),
        "b": fill(h),
    }


def named(names: str, base: CaseSpec = gate) -> CaseSpec:
    """The gate's cases with the argument names of one gate: "X H W_xz W_hz b_z"."""

    def build(fill: Fill, n: int, d: int, h: int) -> dict:
        return dict(zip(names.split(), base.build(fill, n, d, h).values(), strict=True))

    build.__qualname__ = f"gate[{names}]"
    return CaseSpec("n d h", build, large=True)


def loop(states: int, gates: int) -> CaseSpec:
    """Arguments of a whole network: T inputs (n, d), a state of ``states`` (n, h), parameters."""

    def build(fill: Fill, n: int, d: int, h: int, q: int, T: int) -> dict:
        inputs = [fill(n, d) for _ in range(T)]
        state = tuple(fill(n, h) for _ in range(states))
        params = []
        for _ in range(gates):
            params += [fill(d, h, scale=0.6), fill(h, h, scale=0.6), fill(h, scale=0.7)]
        return {"inputs": inputs, "state": state, "params": [*params, fill(h, q), fill(q)]}

    build.__qualname__ = f"loop[{states},{gates}]"
    return CaseSpec("n d h q T", build, large=True)


@spec("n h", large=True)
def state_sizes(fill: Fill, n: int, h: int) -> dict:
    """Arguments of ``init_*_state``."""
    return {"batch_size": n, "num_hiddens": h, "device": None}


def parameter_names(gates: str, output: bool = True) -> list[str]:
    """ "z r h" → W_xz, W_hz, b_z, W_xr, ..., W_hq, b_q."""
    names = [name for g in gates.split() for name in (f"W_x{g}", f"W_h{g}", f"b_{g}")]
    return [*names, "W_hq", "b_q"] if output else names
