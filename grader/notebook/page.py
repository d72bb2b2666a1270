"""A report as a notebook shows it: HTML for the browser, text for the terminal.

Made in the kernel from the JSON report, with the standard library only. Everything is escaped;
there is no script, nothing is loaded, and the style keeps to this one output. Colours come from the
page around it, light or dark: ours are badges that bring their own background.
"""

import html
from typing import Any

from grader.locale import Texts

BAD = ("failed", "error", "timeout", "fault")
_COLOURS = {
    "passed": "#1a7f37",
    "failed": "#b3261e",
    "error": "#b3261e",
    "timeout": "#b3261e",
    "fault": "#8e24aa",
    "blocked": "#8a5a00",
    "skipped": "#8a5a00",
    "not_started": "#5f6368",
}
STYLE = """
.gatecheck{font-size:14px;line-height:1.5;max-width:62em;color:inherit}
.gatecheck table{border-collapse:collapse;margin:.4em 0;width:100%;color:inherit}
.gatecheck th,.gatecheck td{text-align:left;padding:.2em .6em;border:0;\
border-bottom:1px solid rgba(128,128,128,.3);background:none;vertical-align:top;color:inherit}
.gatecheck td.n,.gatecheck th.n{text-align:right;white-space:nowrap;\
font-variant-numeric:tabular-nums}
.gatecheck .b{display:inline-block;padding:0 .6em;border-radius:.7em;color:#fff;font-size:.85em;\
white-space:nowrap;line-height:1.6}
.gatecheck .bar{display:inline-block;width:8em;height:.6em;border-radius:.3em;\
background:rgba(128,128,128,.3);overflow:hidden;vertical-align:middle}
.gatecheck .bar i{display:block;height:100%;background:#1a7f37}
.gatecheck pre{white-space:pre;overflow-x:auto;padding:.6em .8em;margin:.3em 0 .6em;\
background:rgba(128,128,128,.12);border-radius:.4em;color:inherit;font-size:.92em;line-height:1.45}
.gatecheck details{margin:.3em 0}
.gatecheck summary{cursor:pointer;padding:.15em 0}
.gatecheck h3{font-size:1.1em;margin:.5em 0 .2em;color:inherit}
.gatecheck .s{opacity:.75;font-size:.92em}
""" + "".join(f".gatecheck .b.{name}{{background:{c}}}\n" for name, c in _COLOURS.items())


class Page:
    """A report; ``report`` is the JSON report (schema 1) as a dict, ``text`` what a terminal shows.

    ``score`` and ``max_score`` are the points.
    """

    def __init__(self, report: dict[str, Any], text: str, texts: Texts) -> None:
        self.report = report
        self.text = text
        self.texts = texts
        self.score = report["score"]
        self.max_score = report["max_score"]

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Both forms; the front end takes the one that it can show."""
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        """The report as HTML."""
        shown = "".join(self._exercise(exercise) for exercise in self.report["exercises"])
        note = self.texts.say(
            "notebook.note",
            seed=self.report["seed"],
            seconds=f"{self.report['duration_s']:.1f}",
            sandbox=self.report["sandbox"],
        )
        total = self._total() if len(self.report["exercises"]) > 1 else ""
        language = "zh-CN" if self.texts.language == "zh" else "en"
        return (
            f'<div class="gatecheck" lang="{language}"><style>{STYLE}</style>'
            f'{total}{shown}<p class="s">{_escape(note)}</p></div>'
        )

    def _total(self) -> str:
        text = self.texts.say("report.total")
        return f"<h3>{_escape(text)} {self._points(self.report)}</h3>"

    def _points(self, part: dict[str, Any]) -> str:
        """A bar and the points, "34/119"; read out as a sentence."""
        score, most = f"{part['score']:g}", f"{part['max_score']:g}"
        share = 100 * part["score"] / part["max_score"] if part["max_score"] else 100
        spoken = _escape(self.texts.say("report.score", score=score, points=most))
        bar = f'<span class="bar" aria-hidden="true"><i style="width:{share:.0f}%"></i></span>'
        return f'{bar} <span aria-label="{spoken}" title="{spoken}">{score}/{most}</span>'

    def _badge(self, status: str) -> str:
        known = status if status in _COLOURS else "fault"
        return f'<span class="b {known}">{_escape(self.texts.say(f"status.{known}"))}</span>'

    def _exercise(self, exercise: dict[str, Any]) -> str:
        """An exercise: its functions in a table, then what is wrong, the first fault open."""
        rows = "".join(
            f"<tr><td><code>{_escape(f['name'])}</code></td>"
            f"<td>{self._badge(f['status'])}{_reason(f)}</td>"
            f'<td class="n">{f["score"]:g}/{f["max_score"]:g}</td></tr>'
            for f in exercise["functions"]
        )
        say = self.texts.say
        head = (
            f'<tr><th scope="col">{_escape(say("notebook.function"))}</th>'
            f'<th scope="col">{_escape(say("notebook.state"))}</th>'
            f'<th scope="col" class="n">{_escape(say("report.points"))}</th></tr>'
        )
        heading = (
            f"<h3><code>{_escape(exercise['name'])}</code> {self._points(exercise)} "
            f"{self._badge(exercise['status'])}</h3>"
        )
        troubled = [
            (function, check)
            for function in exercise["functions"]
            for check in function["checks"]
            if check["status"] in BAD
        ]
        details = "".join(
            self._check(function, check, opened=index == 0)
            for index, (function, check) in enumerate(_once(troubled))
        )
        return f"{heading}<table><thead>{head}</thead><tbody>{rows}</tbody></table>{details}"

    def _check(self, function: dict[str, Any], check: dict[str, Any], opened: bool) -> str:
        return (
            f"<details{' open' if opened else ''}><summary>{self._badge(check['status'])} "
            f"<code>{_escape(function['name'])}</code> {_escape(check['title'])}</summary>"
            f"<pre>{_escape(check['message'])}</pre></details>"
        )


def _reason(function: dict[str, Any]) -> str:
    """What a waiting function waits for."""
    if function["status"] != "blocked":
        return ""
    waiting = next(check for check in function["checks"] if check["status"] == "blocked")
    line = waiting["message"].partition("\n")[0].strip()
    return f' <span class="s">{_escape(line)}</span>'


def _once(troubled: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Any]:
    """Without the checks that say of the same function, or of a broken file, the same again."""
    kept, seen = [], set()
    for function, check in troubled:
        first = check["message"].partition("\n")[0]
        call = (check["counterexample"] or {}).get("function", "")
        key = (function["name"] if call else "", first, check["status"])
        if key not in seen:
            seen.add(key)
            kept.append((function, check))
    return kept


def _escape(text: Any) -> str:
    return html.escape(str(text), quote=True)
