"""The reference itself: golden examples, and parity with torch where torch computes the same."""

import math

import pytest
import torch
from torch import nn

from solutions import gru, lstm, parameters, rnn, sequence_data, training

torch.manual_seed(0)


def _random(*shapes):
    return [torch.randn(*shape, dtype=torch.float64) for shape in shapes]


def test_consecutive_batches_of_thirty_numbers():
    """The notes' example: 30 numbers, two rows, six steps, give two batches."""
    batches = list(sequence_data.data_iter_consecutive(list(range(30)), 2, 6))
    assert len(batches) == 2
    assert batches[0][0].tolist() == [[0, 1, 2, 3, 4, 5], [15, 16, 17, 18, 19, 20]]
    assert batches[1][0].tolist() == [[6, 7, 8, 9, 10, 11], [21, 22, 23, 24, 25, 26]]
    assert (batches[1][1] == batches[1][0] + 1).all()


def test_random_windows_of_thirty_numbers():
    """The notes' example: windows start at 0, 6, 12, 18, each used once."""
    batches = list(sequence_data.data_iter_random(list(range(30)), 2, 6))
    assert sorted(int(row[0]) for X, _ in batches for row in X) == [0, 6, 12, 18]


@pytest.mark.parametrize(("length", "count"), [(12, 0), (14, 1), (1, 0), (2, 0)])
def test_short_corpora_give_no_batch(length, count):
    """A corpus that is too short for a batch gives none, without an error."""
    found = list(sequence_data.data_iter_consecutive(list(range(length)), 2, 6))
    assert len(found) == count


def test_rnn_equals_torch():
    """rnn computes what nn.RNN does with the same weights."""
    n, d, h, q, T = 3, 4, 5, 2, 6
    layer = nn.RNN(d, h).double()
    inputs = torch.randn(T, n, d, dtype=torch.float64)
    W_hq, b_q = _random((h, q), (q,))
    params = [layer.weight_ih_l0.T, layer.weight_hh_l0.T, layer.bias_ih_l0 + layer.bias_hh_l0]
    outputs, (H,) = rnn.rnn(inputs, (torch.zeros(n, h, dtype=torch.float64),), [*params, W_hq, b_q])
    expected, last = layer(inputs)
    torch.testing.assert_close(torch.stack(list(outputs)), expected @ W_hq + b_q)
    torch.testing.assert_close(H, last[0])


def test_lstm_equals_torch_with_its_gates_in_another_order():
    """lstm computes what nn.LSTM does: our i, f, o, c are its i, f, g, o."""
    n, d, h, q, T = 3, 4, 5, 2, 6
    layer = nn.LSTM(d, h).double()
    inputs = torch.randn(T, n, d, dtype=torch.float64)
    W_x, W_h = layer.weight_ih_l0.chunk(4), layer.weight_hh_l0.chunk(4)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).chunk(4)
    params = [p for k in (0, 1, 3, 2) for p in (W_x[k].T, W_h[k].T, b[k])]
    W_hq, b_q = _random((h, q), (q,))
    zeros = torch.zeros(n, h, dtype=torch.float64)
    outputs, (H, C) = lstm.lstm(inputs, (zeros, zeros), [*params, W_hq, b_q])
    expected, (last, memory) = layer(inputs)
    torch.testing.assert_close(torch.stack(list(outputs)), expected @ W_hq + b_q)
    torch.testing.assert_close(H, last[0])
    torch.testing.assert_close(C, memory[0])


def test_gru_resets_before_the_product():
    """Our GRU is not torch's: the reset gate acts on the state, not on its product."""
    X, H, W, U, b = _random((2, 3), (2, 4), (3, 4), (4, 4), (4,))
    R = torch.rand(2, 4, dtype=torch.float64)
    ours = gru.candidate_state(X, H, R, W, U, b)
    torch.testing.assert_close(ours, torch.tanh(X @ W + (R * H) @ U + b))
    assert not torch.allclose(ours, torch.tanh(X @ W + R * (H @ U) + b))
    one = torch.ones_like(R)
    torch.testing.assert_close(
        gru.candidate_state(X, H, one, W, U, b), torch.tanh(X @ W + H @ U + b)
    )


def test_gradients_of_the_cells_are_those_of_their_values():
    """Numerical and automatic gradients of a GRU and an LSTM step agree."""
    shapes = [(2, 3), (2, 4), (3, 4), (4, 4), (4,)]
    arguments = [tensor.requires_grad_() for tensor in _random(*shapes)]
    assert torch.autograd.gradcheck(gru.update_gate, arguments)
    assert torch.autograd.gradcheck(lstm.candidate_memory, arguments)


def test_parameters_have_the_notes_order_and_distribution():
    """GRU: z, r, h, output; weights N(0, 0.01²), biases zero, all leaves."""
    params = list(gru.get_params(40, 50, 30))
    assert [tuple(p.shape) for p in params[:3]] == [(40, 50), (50, 50), (50,)]
    assert len(params) == 11
    assert abs(params[1].std().item() - 0.01) < 0.001
    assert params[2].abs().max() == 0
    assert all(p.is_leaf and p.requires_grad and p.dtype == torch.float32 for p in params)
    assert not torch.equal(parameters.normal_param((3, 3)), parameters.normal_param((3, 3)))


def test_clipping_takes_a_generator_and_keeps_the_direction():
    """The gradient comes out with norm θ and points where it pointed."""
    params = [torch.zeros(3, requires_grad=True), torch.zeros(2, 2, requires_grad=True)]
    for param in params:
        param.grad = torch.randn_like(param) * 5
    before = torch.cat([p.grad.reshape(-1) for p in params]).clone()
    training.grad_clipping((p for p in params), 0.5)
    after = torch.cat([p.grad.reshape(-1) for p in params])
    assert after.norm().item() == pytest.approx(0.5, rel=1e-5)
    assert torch.cosine_similarity(before, after, dim=0).item() == pytest.approx(1.0, abs=1e-6)


def test_uniform_guessing_has_the_vocabulary_as_its_perplexity():
    """Equal logits over 27 characters: perplexity 27."""
    loss = training.sequence_loss([torch.zeros(2, 27)] * 3, torch.zeros(2, 3).long())
    assert training.perplexity(loss) == pytest.approx(27.0, rel=1e-5)
    assert training.perplexity(0.0) == 1.0
    assert math.isclose(training.perplexity(1.0), math.e)


def test_labels_follow_the_outputs_in_time_order():
    """The loss of step t is compared with column t of the labels."""
    Y = torch.tensor([[0, 1, 2], [2, 0, 1]])
    logits = [100.0 * torch.eye(3)[Y[:, t]] for t in range(3)]
    assert training.sequence_loss(logits, Y).item() == pytest.approx(0.0, abs=1e-6)
    assert training.sequence_loss(torch.cat(logits), Y).item() == pytest.approx(0.0, abs=1e-6)
