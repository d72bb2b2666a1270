"""The report as a page: everything escaped, its policy true, both languages whole."""

import base64
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader import cli
from grader.locale import LANGUAGES, Texts
from grader.report import model
from grader.report.build import build_report
from grader.report.messages import parts
from grader.webpage.building import language_of, view
from grader.webpage.page import page, policy
from grader.webpage.values import segments
from tests.kit import made
from tests.kit.pages import EVERYTHING, HOSTILE, run, run_page, stored_page

ROOT = Path(__file__).resolve().parents[2]


class _Elements(HTMLParser):
    """What a page is made of: each start tag with its attributes, and whether tags match."""

    VOID = frozenset(["meta", "br", "input", "hr", "link", "img"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"


def _skeleton(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(sorted(attributes))) for tag, attributes in _Elements(text).found]


# escaping


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_changes_what_a_page_is_made_of(text: str) -> None:
    """Whatever stands in a report, the page has the same elements and attributes as with "x"."""
    assert _skeleton(stored_page(text)) == _skeleton(stored_page("x"))


def test_what_a_submission_says_is_text() -> None:
    """Exceptions, source lines, file names and printed text make no element either."""
    allowed = {"script", "style", "svg", "a", "meta"}
    plain, hostile = (dict.fromkeys(allowed, 0) for _ in range(2))
    for text, counts in ((run_page(), plain), (run_page(hostile=True), hostile)):
        found = _Elements(text).found
        for tag in allowed:
            counts[tag] = sum(name == tag for name, _ in found)
        assert not [a for _, attributes in found for a in attributes if a.startswith("on")]
        assert not {"iframe", "img", "base", "object", "embed", "form", "link"} & {
            t for t, _ in found
        }
    assert plain == hostile and plain["script"] == 1 and plain["style"] == 1


def test_control_and_bidirectional_characters_do_not_reach_the_page() -> None:
    """They are taken out, as on the terminal."""
    for text in (run_page(hostile=True), stored_page(EVERYTHING)):
        assert not re.findall("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
        assert "gnp.exe" in text


def test_templates_in_a_text_are_not_carried_out() -> None:
    """Braces and percent signs are shown as they are."""
    text = stored_page("{{ 7 * 191 }} {% if x %}")
    assert "1337" not in text and "{{ 7 * 191 }} {% if x %}" in text


def test_megabytes_of_text_make_no_large_page() -> None:
    """Every text has its limit, and a cut shows."""
    text = stored_page("<b>" * 350_000)
    assert len(text) < 600_000 and "…" in text


def test_links_lead_into_the_page_only() -> None:
    """Every address is an anchor that exists, and every id is there once."""
    for text in (run_page(hostile=True), stored_page(HOSTILE[3])):
        found = _Elements(text).found
        ids = [attributes["id"] for _, attributes in found if "id" in attributes]
        assert len(ids) == len(set(ids))
        for name in ("href", "aria-labelledby"):
            for _, attributes in found:
                for target in (attributes.get(name) or "").split():
                    assert target.removeprefix("#") in ids, target
        assert not [a for _, a in found for a in a if a in ("src", "srcset", "action", "style")]


# the policy


def test_the_policy_names_the_very_style_and_script() -> None:
    """The hashes are those of what stands between the tags."""
    text = run_page()
    given = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert given is not None
    rules = given[1].replace("&#39;", "'").split("; ")
    assert rules[0] == "default-src 'none'"
    assert {"base-uri 'none'", "form-action 'none'"} < set(rules) and "unsafe" not in given[1]
    for tag in ("style", "script"):
        inner = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(inner) == 1
        digest = base64.b64encode(hashlib.sha256(inner[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert policy("a", "b") != policy("a", "c")


def test_nothing_is_loaded_from_elsewhere() -> None:
    """No address of another place stands in the page, nor in its style or script."""
    text = run_page(hostile=False)
    assert not re.findall(r"(?:https?:)?//[a-z0-9]", text.replace("http-equiv", ""))
    assert "url(" not in text.replace("url(#", "") and "@import" not in text


# languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_are_in_the_page_whole(language: str) -> None:
    """Every text that is there in one language is there in the other, beside it."""
    text = run_page(language)
    assert text.count('class="l-en"') == text.count('class="l-zh"') > 50
    tag = {"en": "en", "zh": "zh-Hans"}[language]
    assert f'<html lang="{tag}" data-language="{language}"' in text
    visible = re.sub(
        r'<span class="l-zh"[^>]*>.*?</span>|<text[^>]*l-zh.*?</text>', "", text, flags=re.S
    )
    visible = re.sub(r"<script>.*?</script>|<style>.*?</style>|<[^>]*>", "", visible, flags=re.S)
    assert re.findall("[\u4e00-\u9fff]+", visible) == (["中文"] if language == "en" else
                                                      [*_title("zh"), "中文"])  # fmt: skip


def _title(language: str) -> list[str]:
    title = Texts(language).say("html.title", submission="my/answers")
    return re.findall("[\u4e00-\u9fff]+", title)


def test_every_sentence_of_the_page_is_used() -> None:
    """No sentence of the table [html] is left over."""
    sources = [
        *(ROOT / "grader" / "webpage").iterdir(),
        *(ROOT / "grader" / "pictures").glob("*.py"),
    ]
    sources.append(ROOT / "grader" / "commands" / "report.py")
    text = "\n".join(p.read_text(encoding="utf-8") for p in sources if p.is_file())
    from grader.locale import sentences

    names = {n.removeprefix("html.") for n in sentences("en") if n.startswith("html.")}
    made_up = (
        "theme_",
        "picture_",
        "cell_curve_about",
        "training_curve_about",
        "gate_",
        "norms_about",
    )
    left = {n for n in names if not n.startswith(made_up) and f'"{n}"' not in text
            and f"html.{n}" not in text and n != "hand_norms_about"}  # fmt: skip
    assert left == set()


def test_a_stored_report_is_shown_in_the_language_it_was_written_in(catalog) -> None:
    """Its titles are in both languages, its messages in one, and that is said."""
    runs = run()
    for language in LANGUAGES:
        assert language_of(runs[language], made.graded({}).catalog) == language
    shown = view({"zh": runs["zh"]}, made.graded({}).catalog)
    text = page(shown, None, "en").decode()
    assert "result equals the equation" in text and 'class="l-any" lang="zh-Hans"' in text
    assert (
        Texts("en").say("html.one_language") in text and Texts("en").say("html.stored")[:20] in text
    )


# what is shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_come_apart_as_they_were_put_together(language: str) -> None:
    """A message's sentence and rows are found again, whatever their width was."""
    graded = made.graded({"gru.update_gate": made.wrong_value()})
    texts = Texts(language)
    for width in (60, 100, 4000):
        report = build_report(graded, "my/answers", 7, "cpu", 1.5, texts, width)
        sentence, rows = parts(report.exercises[1].functions[0].checks[0].message, texts)
        assert sentence.replace("\n", " ") == texts.say("finding.values", place=_whole(texts))
        names = ["called", "input", "returned", "expected", "differs", "hint", "again"]
        assert [name for name, _ in rows] == names
        assert dict(rows)["returned"].startswith("[[0.25]]")
        assert "make grade EX=gru SUBMISSION=my/answers" in dict(rows)["again"]


def _whole(texts: Texts) -> str:
    return texts.say("message.whole")


def test_a_check_shows_its_place_and_its_values() -> None:
    """file:line, the failing call, and the hint, which is closed."""
    text = run_page()
    assert "my/answers/rnn.py:12" in text and "update_gate(X, H, W_xz, W_hz, b_z)" in text
    assert re.search(r'<details class="hint"><summary>', text)
    assert "<mark>0.25</mark>" in text and "<mark>0.75</mark>" in text


def test_only_numbers_that_part_are_marked() -> None:
    """Rounding is not marked where something else is wrong; other shapes are not compared."""
    assert segments([1.0, 2.0], [1.0, 3.0]) == [("[1.0, ", False), ("2.0", True), ("]", False)]
    assert segments([1.0 + 1e-7, 2.0], [1.0, 3.0])[1] == ("2.0", True)
    assert segments([1.0 + 1e-7], [1.0])[1][1]
    assert segments([1.0], [[1.0]]) == [("[1.0]", False)]
    assert segments([[0.5, 1.0], [2.0, 3.0]])[0][0] == "[[0.5, 1.0],\n [2.0, 3.0]]"
    assert len(segments([[0.0] * 50] * 90000, None)[0][0]) < 9000


# the command


def _main(*words: str) -> int:
    return cli.main(words)


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


WRONG = {
    "no such exercise": (["gur"], "Did you mean gru?"),
    "no such folder": (["no/such"], "there is no folder no/such"),
    "two folders": (["solutions", "--submission", "exercises"], "Name one"),
    "out is a folder": (["--out", "docs"], "--out the name of a file"),
    "out in no folder": (["--out", "no/such/x.html"], "another --out FILE"),
    "no stored report": (["--from", "no.json"], "grade --json FILE"),
    "another file": (["--from", "pyproject.toml"], "no JSON report"),
    "a folder and a stored report": (["solutions", "--from", "x.json"], "leave solutions out"),
    "language": (["--lang", "fr"], "--lang en or --lang zh"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_one_line(
    name: str, _here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each mistake costs no grading run, and the line says what to do."""
    arguments, expected = WRONG[name]
    assert _main("report", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and expected in captured.err


def test_a_page_from_a_stored_report(
    _here: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--from writes the page whole, some exercises of it if named, and says where."""
    stored, out = tmp_path / "report.json", tmp_path / "a page.html"
    stored.write_bytes(model.to_json(run()["en"]))
    assert _main("report", "--from", str(stored), "--out", str(out)) == 0
    assert out.resolve().as_uri() in capsys.readouterr().out
    assert "<code>rnn</code>" in out.read_text(encoding="utf-8")
    assert _main("report", "gru", "--from", str(stored), "--out", str(out)) == 0
    assert "<code>rnn</code>" not in out.read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a page.html", "report.json"]
    assert _main("report", "lstm", "--from", str(stored), "--out", str(out)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"schema": 2}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"schema": 1, "submission": 1e999}',
    ],
)
def test_a_stored_report_that_is_none(
    content: bytes, _here: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anything else is refused in one line; nothing is written."""
    (tmp_path / "x.json").write_bytes(content)
    out = tmp_path / "x.html"
    assert _main("report", "--from", str(tmp_path / "x.json"), "--out", str(out)) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not out.exists()


def test_help_and_grading_import_neither_jinja_nor_matplotlib() -> None:
    """The command costs the others nothing."""
    code = (
        "import sys; from grader import cli; cli.main(['--help'])\n"
        "def there(*names): return sorted(set(names) & {m.split('.')[0] for m in sys.modules})\n"
        "light = there('jinja2', 'matplotlib', 'torch', 'rich', 'pytest')\n"
        "import grader.checking.session, grader.report.terminal, grader.report.build\n"
        "print(light, there('jinja2', 'matplotlib'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip().endswith("[] []"), done.stdout + done.stderr
