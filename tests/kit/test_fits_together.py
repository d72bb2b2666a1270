"""A submission's functions must work with one another: what its parts return, its others take."""

import pytest

from tests.kit.submissions import SOLUTIONS, not_passed, with_source

JOINED_RNN = """

def {name}(inputs, state, params, parts={name}):
    outputs, state = parts(inputs, state, params)
    return torch.cat(list(outputs)), state
"""
JOINED_ONLY = ("loss = sequence_loss(outputs, Y)", "loss = sequence_loss(outputs.view(-1, q), Y)")
LIST_ONLY = ("loss = sequence_loss(outputs, Y)", "loss = sequence_loss(outputs + [], Y)")
LAST_OF_A_LIST = ("int(outputs[-1].argmax())", "int((outputs + [])[-1].argmax())")


def _grade(engine, tmp_path, change, joined=(), function="train_epoch", without=False):
    source = (SOLUTIONS / "training.py").read_text(encoding="utf-8")
    old, new = change
    assert source.count(old) == 1, old
    source = source.replace(old, new.replace("q)", "vocab_size)"))
    folder = with_source(tmp_path, "training", source)
    for name in ("rnn", "gru", "lstm"):
        path = folder / f"{name}.py"
        if name in joined:
            with path.open("a", encoding="utf-8") as file:
                file.write(JOINED_RNN.format(name=name))
        if without:
            path.unlink()
    functions = {f"training.{function}"}
    return not_passed(engine.grade(folder, ["training"], functions=functions, shrink=False))


def test_training_takes_the_outputs_of_its_own_network(engine, tmp_path):
    """Lists where the networks return one matrix: the submission can't train what it has."""
    lost = _grade(engine, tmp_path, LIST_ONLY, joined=("rnn", "gru", "lstm"))
    assert "training.train_epoch.step" in lost


def test_writing_takes_the_outputs_of_its_own_network(engine, tmp_path):
    """The same for the function that lets a network write."""
    lost = _grade(engine, tmp_path, LAST_OF_A_LIST, ("rnn", "gru", "lstm"), "predict_rnn")
    assert "training.predict_rnn.values" in lost


def test_the_rnn_decides(engine, tmp_path):
    """Networks of two editions in one submission: the form of ``rnn`` is the one that counts."""
    assert _grade(engine, tmp_path, LIST_ONLY, joined=("lstm",)) == {}


@pytest.mark.parametrize(
    ("change", "joined"), [(JOINED_ONLY, ("rnn", "gru", "lstm")), (LIST_ONLY, ())]
)
def test_one_form_is_enough_where_it_is_the_own_one(engine, tmp_path, change, joined):
    """A training function need not know the forms that its own networks never return."""
    assert _grade(engine, tmp_path, change, joined) == {}


def test_without_a_network_of_its_own_any_form_will_do(engine, tmp_path):
    """training.py alone may know whichever form it likes."""
    assert _grade(engine, tmp_path, JOINED_ONLY, without=True) == {}


def test_batches_are_of_any_real_dtype(engine, tmp_path):
    """The notes' iterators give float32; who indexes with such a batch has no full marks."""
    change = ("X, Y = X.to(device), Y.to(device)", "torch.eye(99)[X]; X, Y = X.to(device), Y")
    assert "training.train_epoch.random" in _grade(engine, tmp_path, change)


def test_one_hot_steps_are_no_whole_numbers(engine, tmp_path):
    """X @ W takes no int64: to_onehot in int64 is of no use to a network."""
    source = (SOLUTIONS / "sequence_data.py").read_text(encoding="utf-8")
    source += """

def to_onehot(X, n_class):
    return torch.nn.functional.one_hot(X.long().T, n_class)
"""
    graded = engine.grade(
        with_source(tmp_path, "sequence_data", source),
        ["sequence_data"],
        functions={"sequence_data.to_onehot"},
    )
    lost = not_passed(graded)
    assert list(lost) == ["sequence_data.to_onehot.order"]
    assert "float32" in lost["sequence_data.to_onehot.order"]


NUMBERS = {
    "np.exp(np.float32(mean_loss))": True,
    "np.exp(np.float64(mean_loss))": True,
    "np.exp(np.array(mean_loss))": True,
    "torch.tensor(mean_loss).exp()": False,
    "int(1e6)": False,
}


def test_numpys_numbers_are_floats(engine, tmp_path):
    """np.exp of a number is as good as math.exp; a 0-d tensor is no float."""
    source = (SOLUTIONS / "training.py").read_text(encoding="utf-8")
    for number, (expression, right) in enumerate(NUMBERS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = f"\n\nimport numpy as np\n\ndef perplexity(mean_loss):\n    return {expression}\n"
        graded = engine.grade(
            with_source(folder, "training", source + own),
            ["training"],
            functions={"training.perplexity"},
            shrink=False,
        )
        assert (not_passed(graded) == {}) == right, expression


ARRAYS = {
    "[one_hot(x, n_class).numpy() for x in X.T]": False,
    "torch.stack([one_hot(x, n_class) for x in X.T]).numpy()": False,
    "torch.stack([one_hot(x, n_class) for x in X.T])": True,
}


def test_arrays_are_no_tensors(engine, tmp_path):
    """A network multiplies its inputs with tensors: numpy's arrays lose all but a little."""
    source = (SOLUTIONS / "sequence_data.py").read_text(encoding="utf-8")
    for number, (expression, right) in enumerate(ARRAYS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = f"\n\ndef to_onehot(X, n_class):\n    return {expression}\n"
        graded = engine.grade(
            with_source(folder, "sequence_data", source + own),
            ["sequence_data"],
            functions={"sequence_data.to_onehot"},
            shrink=False,
        )
        lost = not_passed(graded)
        assert (lost == {}) == right, expression
        assert right or any("ndarray" in finding for finding in lost.values())
