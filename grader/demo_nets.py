"""The nets that ``make demo`` trains: the solutions' own, as ``train_epoch`` wants them."""

import dataclasses
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from solutions import deep, gru, lstm, rnn
from solutions.concise import RNNModel

LAYERS = 2  # of the deep net


@dataclasses.dataclass(frozen=True)
class Net:
    """A net with its parameters.

    Attributes:
        forward: ``(inputs, state, params) -> (outputs, state)``.
        params: what is trained.
        init_state: ``(batch_size, num_hiddens, device)`` to the first state.
    """

    forward: Callable
    params: Sequence[Tensor]
    init_state: Callable


def _deep(vocab_size: int, num_hiddens: int) -> Net:
    params = deep.get_params(vocab_size, num_hiddens, vocab_size, LAYERS)

    def init_state(batch_size: int, hiddens: int, device: torch.device | None) -> tuple:
        return deep.init_deep_state(batch_size, hiddens, LAYERS, device)

    return Net(deep.deep_gru, list(params), init_state)


def _concise(vocab_size: int, num_hiddens: int) -> Net:
    model = RNNModel(nn.LSTM(vocab_size, num_hiddens), vocab_size)

    def forward(inputs: Sequence[Tensor], state: tuple, params: Sequence[Tensor]) -> tuple:
        indices = torch.stack(list(inputs)).argmax(dim=2).T  # one-hot is the module's own business
        return model(indices, state)

    def init_state(batch_size: int, hiddens: int, device: torch.device | None) -> tuple:
        zeros = torch.zeros((1, batch_size, hiddens), device=device)
        return zeros, zeros.clone()

    return Net(forward, list(model.parameters()), init_state)


def _plain(forward: Callable, get_params: Callable, init_state: Callable) -> Callable:
    return lambda vocab, hiddens: Net(forward, list(get_params(vocab, hiddens, vocab)), init_state)


NETS: dict[str, Callable[[int, int], Net]] = {
    "RNN": _plain(rnn.rnn, rnn.get_params, rnn.init_rnn_state),
    "GRU": _plain(gru.gru, gru.get_params, gru.init_gru_state),
    "LSTM": _plain(lstm.lstm, lstm.get_params, lstm.init_lstm_state),
    "deep GRU": _deep,
    "nn.LSTM": _concise,
}
COMPARED = ("RNN", "GRU", "LSTM")  # in the plot of gradient norms
