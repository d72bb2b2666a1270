"""Draw every figure of this package beside its module: `python -m docs.figures [NAME ...]`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from docs.figures import style

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Write NAME.svg for each module that has `draw`, or only for those named in `wanted`."""
    drawn = []
    for module in iter_modules([str(HERE)]):
        if module.name.startswith("_") or (wanted and module.name not in wanted):
            continue
        draw = getattr(import_module(f"docs.figures.{module.name}"), "draw", None)
        if draw is not None:
            style.save(draw(), HERE / f"{module.name}.svg")
            drawn.append(module.name)
    unknown = sorted(set(wanted) - set(drawn))
    if unknown:
        print(f"no such figure: {', '.join(unknown)}", file=sys.stderr)
        return 2
    print(f"drawn: {', '.join(drawn)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
