"""A file is loaded as far as it can be: what stands beside the functions costs none of them."""

import textwrap

import pytest

from grader.locale import Texts
from grader.report.parts import left_out_line
from tests.kit.submissions import SOLUTIONS, score, statuses, with_source

SOURCE = (SOLUTIONS / "rnn.py").read_text(encoding="utf-8")
AT_THE_END = {
    "exit()": "SystemExit",
    "import os\nos._exit(3)": "not run",
    "hidden = int(input('hidden size? '))": "EOFError",
    "import sys\nepochs = int(sys.argv[1])": "IndexError",
    "while True:\n    pass": "not run",
    "steps = [s for s in iter(int, 1)]": "it did not end",
    "text = open('lyrics.txt').read()": "FileNotFoundError",
    "import logging\nlogging.basicConfig(filename='train.log')": "PermissionError",
    "assert rnn_step is None": "AssertionError",
    "with open('log.txt', 'w') as file:\n    file.write('x')": "PermissionError",
    "import pandas_is_not_here as pd": "ModuleNotFoundError",
    "rnn(1, 2, 3)": "TypeError",
    "raise ValueError('left here')": "ValueError",
}


def _loaded(engine, folder, exercise="rnn", **options):
    graded = engine.grade(folder, [exercise], shrink=False, **options)
    return graded, graded.left_out.get(exercise)


@pytest.mark.parametrize("text", AT_THE_END)
def test_a_stray_statement_costs_no_function(engine, tmp_path, text):
    """The functions above it are judged, and the report says what was left out and why."""
    folder = with_source(tmp_path, "rnn", f"{SOURCE}\n\n{text}\n")
    functions = {"rnn.rnn_step", "rnn.init_rnn_state"}
    graded, partly = _loaded(engine, folder, functions=functions)
    assert len(set(score(graded))) == 1
    line = left_out_line(partly, "rnn.py", Texts("en"))
    assert AT_THE_END[text] in line
    assert partly.parts[-1].place.line > SOURCE.count("\n")


def test_the_whole_line_in_both_languages(engine, tmp_path):
    """What was left out, why, and where it belongs."""
    folder = with_source(tmp_path, "rnn", f"{SOURCE}\n\nexit()\n")
    _, partly = _loaded(engine, folder, functions={"rnn.rnn_step"})
    number = partly.parts[0].place.line
    assert left_out_line(partly, "rnn.py", Texts("en")) == (
        f"rnn.py was loaded without line {number} (exit(): SystemExit). What should happen only "
        'when you run the file yourself belongs below: if __name__ == "__main__":'
    )
    assert left_out_line(partly, "rnn.py", Texts("zh")) == (
        f"读取 rnn.py 时略去了第 {number} 行（exit()：SystemExit）。"
        '只在你自己运行这个文件时才该执行的语句，请放到 if __name__ == "__main__": 下面。'
    )


def test_what_then_lacks_a_name_fails_alone(engine, tmp_path):
    """A function that uses what was left out loses its points, the others keep theirs."""
    source = SOURCE + textwrap.dedent("""

        scale = float(open("scale.txt").read())


        def init_rnn_state(batch_size, num_hiddens, device=None):
            return (torch.zeros(batch_size, num_hiddens, device=device) * scale,)
        """)
    folder = with_source(tmp_path, "rnn", source)
    graded, _ = _loaded(engine, folder, functions={"rnn.rnn_step", "rnn.init_rnn_state"})
    assert statuses(graded, "rnn.init_rnn_state") == {"error"}
    assert statuses(graded, "rnn.rnn_step") == {"passed"}


def test_choices_between_imports_are_made(engine, tmp_path):
    """``try`` and ``if`` that only import, define or assign are run like what they hold."""
    source = (
        "from __future__ import annotations\n\ntry:\n    import d2l_is_not_here as d2l\n"
        "except ImportError:\n    d2l = None\n\n"
        + SOURCE.replace("from __future__ import annotations\n", "")
        + "\n\nif d2l is None:\n    def helper():\n        return 1\nelse:\n    helper = None\n\n"
        "def init_rnn_state(batch_size, num_hiddens, device=None):\n"
        "    return (torch.zeros(batch_size, num_hiddens, device=device) * helper(),)\n\nexit()\n"
    )
    folder = with_source(tmp_path, "rnn", source)
    graded, partly = _loaded(engine, folder, functions={"rnn.init_rnn_state"})
    assert len(set(score(graded))) == 1
    assert [part.place.source for part in partly.parts] == ["exit()"]


def test_a_syntax_error_costs_the_file(engine, tmp_path):
    """There is no part of such a file that could be run: Python's own line stands in the report."""
    folder = with_source(tmp_path, "rnn", SOURCE + "\n\ndef broken(:\n")
    graded, partly = _loaded(engine, folder)
    assert statuses(graded, "rnn.rnn_step") == {"error"}
    assert partly is None


def test_what_should_only_run_by_itself_is_not_mentioned(engine, tmp_path):
    """A file that loads is loaded as ever; below ``__main__`` nothing is missed either way."""
    main = '\n\nif __name__ == "__main__":\n    rnn(1, 2, 3)\n'
    folder = with_source(tmp_path, "rnn", SOURCE + main)
    assert _loaded(engine, folder, functions={"rnn.rnn_step"})[1] is None
    (folder / "rnn.py").write_text(SOURCE + main + "\nexit()\n", encoding="utf-8")
    _, partly = _loaded(engine, folder, functions={"rnn.rnn_step"})
    assert [part.place.source for part in partly.parts] == ["exit()"]


@pytest.mark.parametrize(
    "text",
    [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "rnn_step = torch.compile(rnn_step)",
        "display(1)\nget_ipython().run_line_magic('matplotlib', 'inline')",
    ],
)
def test_what_people_expect_to_be_there_is(engine, tmp_path, text):
    """Plots, compilation and a notebook's own functions do nothing, and cost nothing."""
    folder = with_source(tmp_path, "rnn", f"{SOURCE}\n\n{text}\n")
    graded, partly = _loaded(engine, folder, functions={"rnn.rnn_step"})
    assert len(set(score(graded))) == 1
    assert partly is None
    assert graded.printed["rnn"] == b""
