"""What is advised where a cause can be seen; hostile text changes nothing and takes no time."""

import ast
import dataclasses
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader import outline as outlines
from grader.advice import loading, raised
from grader.advice.loading import encoding_of
from grader.advice.scene import Scene, nearest
from grader.catalog import Check
from grader.findings import Advice, Call, Diagnosis, Finding, Place
from grader.locale import Texts, sentences
from grader.outline import outline, syntax_error
from grader.report.hints import hint_for
from grader.report.wording import sentence
from grader.snapshot import Snapshot
from tests.kit import made

ADVICE = Path(__file__).resolve().parents[2] / "grader" / "advice"
SOURCE = '''
import torch


def rnn_stepp(X, H, W_xh, W_hh, b_h):
    """One step."""
    raise NotImplementedError


class RNN:
    def forward(inputs, state):
        return inputs

    @staticmethod
    def start(n, *rest, h=1, **more):
        yield n


if __name__ == "__main__":

    def train(params):
        for s in params:
            s = s.detach()
        print(params * s)
'''


def test_every_advice_has_its_sentence_and_none_is_left_over():
    """The ids that the advisers name are those of the locale."""
    known = {name.removeprefix("advice.") for name in sentences("en") if "advice." in name}
    named = set()
    for path in ADVICE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    characters = {f"character_{kind}" for kind in ("space", "invisible")}
    assert known - named - characters == set()
    for path in ADVICE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("with_advice"):
                given = node.args[0]
                if isinstance(given, ast.Constant):
                    assert given.value in known


def test_an_outline_has_what_a_file_defines():
    """Functions, methods and what stands below the main guard, with what they take and do."""
    found = outline(SOURCE)
    assert found is not None
    step, model, forward, start, train = found.definitions
    assert (step.line, step.written, step.raises, step.returns) == (5, False, [7], False)
    assert model.is_class and model.is_top and not forward.is_top
    assert forward.is_method and forward.arguments == ["inputs", "state"] and forward.returns
    assert start.static and start.signature == "n, *rest, h=…, **more" and start.returns
    assert train.guarded and train.drops and train.prints
    assert train.products == [("params", "s")]
    assert {"torch", "rnn_stepp", "RNN"} <= found.names and "train" not in found.names


HOSTILE = {
    "brackets": "x = " + "(" * 5_000 + ")" * 5_000,
    "minus": "x = " + "-" * 20_000 + "1",
    "sum": "x = " + "1+" * 100_000 + "1",
    "attributes": "x = a" + ".a" * 60_000,
    "blocks": "\n".join(" " * depth + "if x:" for depth in range(300)),
    "large": "x = 1\n" * 200_000,
    "zeros": "x = 1\0" * 10,
    "surrogates": "x = '\ud800'",
    "definitions": "def f(): pass\n" * 10_000,
    "names": "a" * 200_000 + " = 1",
    "spaces": " " * 250_000,
    "quotes": "'" * 200_001,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_source_is_too_much(text):
    """Whatever a file holds, reading it ends, without an exception, and what is kept is small."""
    found = outline(text)
    assert found is None or len(found.definitions) <= outlines.DEFINITIONS
    error = syntax_error(text)
    assert error is None or isinstance(error, SyntaxError)


def _raised(text: str, line: str = "") -> Finding:
    places = [Place("gru.py", 3, "update_gate", line)] if line else []
    kind, _, rest = text.partition(": ")
    call = Call("update_gate", {"state": (1,), "params": [1] * 5})
    return Finding("raised", {"type": kind, "text": rest}, "error", call=call, places=places)


def _scene(tmp_path: Path, finding: Finding, source: str = SOURCE) -> Scene:
    (tmp_path / "gru.py").write_text(source, encoding="utf-8")
    check = Check("gru", "update_gate", "values", "value", 5, made.TITLE, made.HINT)
    return Scene(finding, check, Snapshot(tmp_path), {"update_gate", "gru"})


@pytest.mark.parametrize("length", [2_000, 200_000])
@pytest.mark.parametrize(
    "piece", ["not enough values to unpack (", "NameError: name '", "a", " = "]
)
def test_texts_of_any_length_are_read_in_time(tmp_path, piece, length):
    """The patterns don't go back: a long text takes as long as it is long."""
    text = piece * (length // len(piece))
    start = time.process_time()
    raised.advised(_scene(tmp_path, _raised(text, text)))
    loading.advised(_scene(tmp_path, Finding("load_raised", {"type": text, "text": text})))
    assert time.process_time() - start < 5


def test_what_an_exception_says_does_not_act(tmp_path):
    """Names in an advice come from the submission: they are cleaned before they are shown."""
    nasty = "name 'W\u202e\x1b[31m' is not defined"
    finding = raised.advised(_scene(tmp_path, _raised(f"NameError: {nasty}", "x")))
    assert finding is None
    advised = Finding(
        "raised", advice=Advice("name_near", {"name": "::error::\x1b[31m", "near": "b"})
    )
    text = hint_for(advised, made.check(), Texts("en"))
    assert "\x1b" not in text and "::error::" not in text


def test_a_notebook_s_lines_are_those_of_its_cells(engine, tmp_path):
    """What is said of a line names the cell and the line there, not those of the copy."""
    cell = "# gatecheck: rnn\nimport torch\n\ndef rnn_step(X, H, W_xh, W_hh, b_h):\n"
    cell += "    H = torch.tanh(X @ W_xh + H @ W_hh + b_h)\n    raise NotImplementedError\n"
    nbformat.write(
        new_notebook(cells=[new_code_cell("1"), new_code_cell(cell)]), tmp_path / "a.ipynb"
    )
    graded = engine.grade(tmp_path, ["rnn"], 3, functions={"rnn.rnn_step"})
    finding = next(iter(graded.outcomes.values())).finding
    assert sentence(finding, Texts("en")).startswith(
        "rnn_step has code of yours, but line 6 of cell 2"
    )
    assert "单元格 2 第 6 行" in sentence(finding, Texts("zh"))


def test_the_nearest_name_is_one_that_was_probably_meant():
    """Letters exchanged, another case, one letter too many; nothing where nothing is like it."""
    assert nearest("W_hx", ["W_hh", "W_xh"]) == "W_xh"
    assert nearest("RNN_Step", ["rnn", "rnn_step"]) == "rnn_step"
    assert nearest("get_params", ["get_param", "params"]) == "get_param"
    assert nearest("get_params", ["get_lstm_params"]) == "get_lstm_params"
    assert nearest("H", ["X", "C", "W_xh"]) is None
    assert nearest("x" * 100_000, ["x"]) is None


def test_encodings_are_told_by_their_bytes():
    """GBK, Big5 and UTF-16 with and without a mark; a text in a Western encoding has no name."""
    chinese = "# 循环神经网络的一步：输入与旧状态相加，再取双曲正切\nx = 1\n"
    assert encoding_of(chinese.encode("gbk")) == "GBK"
    assert encoding_of("# 循環神經網路的一步：輸入與舊狀態相加\n".encode("big5")) in ("Big5", "GBK")
    assert encoding_of(chinese.encode("utf-16")) == "UTF-16"
    assert encoding_of("x = 1\n".encode("utf-16-le")) == "UTF-16"
    assert encoding_of("# déjà vu, à côté\n".encode("latin-1")) == ""


def test_a_hint_comes_from_what_is_surest():
    """The source's cause, then what the check asks for, then what the exception says of itself."""
    check, texts = made.check(), Texts("en")
    finding = _raised("RuntimeError: an in-place operation")
    assert hint_for(finding, check, texts) == texts.say("hint.inplace")
    finding.particular = True
    assert hint_for(finding, check, texts) == made.HINT["en"]
    finding.advice = Advice("append", {"name": "outputs", "method": "append"})
    assert hint_for(finding, check, texts).startswith("`outputs.append(...)` changes the list")


def test_beside_a_named_mistake_no_guess_stands():
    """Neither what an exception says of itself nor a row about costs; its own hint if asked for."""
    finding = _raised("RuntimeError: an in-place operation")
    finding.diagnosis = Diagnosis("gru.x.y", {"en": "The name."}, {"en": "The change."})
    finding.hints = 2
    assert hint_for(finding, made.check(), Texts("en")) == made.HINT["en"]
    costly = dataclasses.replace(made.check(), kind="cost")
    assert hint_for(finding, costly, Texts("en")) == ""
    finding.hints = 3
    assert hint_for(finding, made.check(), Texts("en")) == "The change."
