"""Figure for `bptt`: how strongly the last state of a tanh RNN depends on each earlier one.

The curves are computed, not sketched: three RNNs share their inputs and W_hh up to its scale.
"""

import numpy as np
from matplotlib.figure import Figure

from docs.figures import style

SEED = 0
NUM_HIDDENS, NUM_STEPS = 64, 50
INPUT_SCALE = 0.05  # small inputs: tanh stays near its linear part, unless W_hh drives it away
RADII = ((1.6, style.RED), (1.0, style.GREEN), (0.5, style.BLUE))


def draw() -> Figure:
    """‖∂H_T/∂H_t‖₂ against t on a logarithmic scale, a curve for each spectral radius of W_hh."""
    drawn = style.figure(6.4, 3.4)
    ax = style.chart(drawn)
    for radius, colour in RADII:
        norms = state_gradient_norms(radius)
        ax.semilogy(range(NUM_STEPS), norms, color=colour, linewidth=1.8)
        style.label(ax, -0.8, norms[0], rf"$\rho={radius}$", colour, ha="right")
    ax.hlines(1.0, 0, NUM_STEPS, color=style.GREY, linewidth=0.8, linestyle=":")
    ax.set_xlim(-8, NUM_STEPS)
    ax.set_xticks([0, 10, 20, 30, 40, NUM_STEPS], ["0", "10", "20", "30", "40", "$T=50$"])
    ax.set_xlabel("$t$")
    ax.set_ylabel(r"$\Vert\,\partial H_T\,/\,\partial H_t\,\Vert_2$")
    return drawn


def state_gradient_norms(radius: float) -> list[float]:
    """The spectral norms ‖∂H_T/∂H_t‖₂, t = 0 … T−1, of one RNN whose W_hh has this radius."""
    random = np.random.default_rng(SEED)
    W_hh = random.normal(size=(NUM_HIDDENS, NUM_HIDDENS))
    W_hh *= radius / np.abs(np.linalg.eigvals(W_hh)).max()
    H, states = np.zeros(NUM_HIDDENS), []
    for _ in range(NUM_STEPS):
        H = np.tanh(INPUT_SCALE * random.normal(size=NUM_HIDDENS) + H @ W_hh)
        states.append(H)
    jacobian, norms = np.eye(NUM_HIDDENS), []
    for H in reversed(states):
        jacobian = jacobian * (1 - H**2) @ W_hh.T
        norms.append(float(np.linalg.norm(jacobian, ord=2)))
    return norms[::-1]
