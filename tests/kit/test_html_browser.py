"""The report in a real headless Chromium: hostile text is dead, the page works for everybody."""

import json
import os
from pathlib import Path

import pytest

from grader.locale import LANGUAGES
from tests.kit.browser import MISSING, Browser, Page, program
from tests.kit.pages import EVERYTHING, HOSTILE, run_page, stored_page


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests of this file."""
    path = program()
    if path is None and os.environ.get("NEED_CHROMIUM"):  # .ci/run sets it
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    chromium = Browser(path)
    yield chromium
    chromium.close()


def _open(browser: Browser, tmp_path: Path, text: str, **size: int):
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    return browser.page(path, **size)


def _shown(page: Page, selector: str) -> int:
    """How many elements of a kind have a place on the screen."""
    return page.run(
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".filter(e => e.getClientRects().length).length"
    )


def _calm(page: Page) -> None:
    """Nothing ran that should not, nothing was asked for, no policy was broken."""
    assert page.run("window.pwned") is None
    assert page.run("window.__violations") == []
    assert page.seen("Page.javascriptDialogOpening") == []
    assert [e["entry"]["text"] for e in page.seen("Log.entryAdded")] == []
    asked = [e["request"]["url"] for e in page.seen("Network.requestWillBeSent")]
    assert all(url.startswith("file:") and url.endswith("/report.html") for url in asked), asked


def test_hostile_text_runs_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """With every string hostile no script runs, nothing is loaded, and nothing is hidden."""
    for text in (run_page(hostile=True), *(stored_page(each) for each in (EVERYTHING, HOSTILE[4]))):
        with _open(browser, tmp_path, text) as page:
            page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
            for kind in ("mouseover", "focus", "load", "error"):
                page.run(f"document.querySelectorAll('*').forEach(e => "
                         f"e.dispatchEvent(new Event('{kind}')))")  # fmt: skip
            assert _shown(page, "h1") == 1
            _calm(page)


def test_a_script_that_slipped_in_would_be_dead(browser: Browser, tmp_path: Path) -> None:
    """The policy stops a script, a handler and a style attribute even where escaping had failed."""
    evil = (
        "<script>window.pwned = 1</script><p id=evil style='color: red' onclick='pwned = 1'>x</p>"
    )
    with _open(browser, tmp_path, run_page().replace("</main>", evil + "</main>")) as page:
        page.run("document.getElementById('evil').click()")
        assert page.run("window.pwned") is None
        assert len(page.run("window.__violations")) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_normal_page_breaks_no_policy(browser: Browser, tmp_path: Path, language: str) -> None:
    """Pictures and all: no violation, no request, no word in the console."""
    with _open(browser, tmp_path, run_page(language)) as page:
        _calm(page)
        assert _shown(page, ".picture svg") >= 7
        assert page.run("getComputedStyle(document.querySelector('.picture svg text')).fill") == (
            page.run("getComputedStyle(document.querySelector('.picture')).color")
        )


def test_the_language_switch_works_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    """Tab reaches it, Enter and Space press it, and the page speaks the other language."""
    with _open(browser, tmp_path, run_page("en")) as page:
        assert _shown(page, ".l-en") > 50 and _shown(page, ".l-zh") == 0
        page.tab_to("button[data-speak=zh]")
        page.press("Enter")
        assert _shown(page, ".l-en") == 0 and _shown(page, ".l-zh") > 50
        assert page.run("document.documentElement.lang") == "zh-Hans"
        assert page.run("document.title") == "gatecheck：my/answers 的成绩报告"
        assert page.run("document.querySelector('[data-speak=zh]').ariaPressed") == "true"
        page.press("Tab", shift=True)
        page.press("Space")
        assert _shown(page, ".l-zh") == 0 and page.run("document.documentElement.lang") == "en"


def test_the_filter_works_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    """Space leaves only failures, says how many, and shows the rest again."""
    with _open(browser, tmp_path, run_page()) as page:
        before = _shown(page, ".function")
        page.tab_to("#failures-only")
        page.press("Space")
        assert (before, _shown(page, ".function")) == (4, 2)
        assert "Failures: 2 of 4 checks" in page.run(
            "document.querySelector('[role=status]').innerText"
        )
        page.press("Space")
        assert _shown(page, ".function") == before


def test_the_theme_follows_the_system_until_it_is_chosen(browser: Browser, tmp_path: Path) -> None:
    """Dark systems get a dark page; the switch overrules them."""
    ground = "getComputedStyle(document.body).backgroundColor"
    with _open(browser, tmp_path, run_page()) as page:
        page.prefer("light")
        light = page.run(ground)
        page.prefer("dark")
        dark = page.run(ground)
        assert light != dark
        page.tab_to("button[data-paint=light]")
        page.press("Enter")
        assert page.run(ground) == light
        page.prefer("light")
        page.run("document.querySelector('[data-paint=dark]').click()")
        assert page.run(ground) == dark


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(browser: Browser, tmp_path: Path, theme: str) -> None:
    """Every text has a contrast of at least 4.5 to 1, in both themes."""
    with _open(browser, tmp_path, run_page(hostile=True)) as page:
        page.prefer(theme)
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.run(CONTRAST) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_needs_no_sideways_scroll(browser: Browser, tmp_path: Path, language: str) -> None:
    """At 375 pixels nothing is wider than the screen, with everything opened."""
    for text in (run_page(language, hostile=True), stored_page("x" * 3000, language)):
        with _open(browser, tmp_path, text, width=375, height=700) as page:
            page.resize(375, 700, mobile=True)
            page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.run("document.documentElement.scrollWidth") <= 375
            assert page.run("window.innerWidth") == 375


def test_paper_is_white_and_has_no_switches(browser: Browser, tmp_path: Path) -> None:
    """Printing takes light colours, opens failures and leaves the tools out."""
    with _open(browser, tmp_path, run_page()) as page:
        page.run("document.querySelectorAll('details').forEach(d => d.open = false)")
        page.prefer("dark", media="print")
        page.run("window.dispatchEvent(new Event('beforeprint'))")
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert _shown(page, ".top") == 0 and _shown(page, "#failures-only") == 0
        assert page.run("document.querySelectorAll('details.check.bad:not([open])').length") == 0


def test_a_link_opens_what_it_leads_to(browser: Browser, tmp_path: Path) -> None:
    """The address of a check shows it, though its exercise was closed and the filter was on."""
    with _open(browser, tmp_path, run_page()) as page:
        page.run("document.querySelectorAll('details').forEach(d => d.open = false)")
        page.run("document.getElementById('failures-only').click()")
        page.run("location.hash = '#x-rnn.rnn'")
        page.run("new Promise(done => setTimeout(done, 50))")
        assert page.run("!!document.getElementById('x-rnn.rnn').getClientRects().length")


def test_the_page_has_landmarks_and_headings_in_order(browser: Browser, tmp_path: Path) -> None:
    """One main, one h1, no level of heading left out, every button and picture with a name."""
    with _open(browser, tmp_path, run_page()) as page:
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        tree = page.ask("Accessibility.getFullAXTree")["nodes"]
        nodes = [(n["role"]["value"], n.get("name", {}).get("value", ""), n) for n in tree
                 if not n.get("ignored")]  # fmt: skip
        roles = [role for role, _, _ in nodes]
        assert {"banner", "navigation", "main", "contentinfo"} <= set(roles)
        levels = [
            next(p["value"]["value"] for p in node["properties"] if p["name"] == "level")
            for role, _, node in nodes
            if role == "heading"
        ]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
        named = ("button", "image", "img", "link", "checkbox", "table", "heading")
        assert [role for role, name, _ in nodes if role in named and not name.strip()] == []


# For each text its colour and that of the first ground below it that is not transparent.
CONTRAST = """
(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => {
    v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!walk.currentNode.data.trim() || !element.getClientRects().length) continue;
    if (style.visibility === "hidden" || element.closest("script, style, .unseen")) continue;
    let ground = element;
    const back = (each) => getComputedStyle(each).backgroundColor;
    while (ground && rgb(back(ground))[3] === 0) ground = ground.parentElement;
    const colour = element.closest("svg") ? style.fill : style.color;
    const pair = [colour, back(ground || document.body)];
    const [a, b] = pair.map((each) => light(rgb(each)));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([walk.currentNode.data.trim().slice(0, 30), ...pair, ratio]);
  }
  return found;
})()
"""
