"""Exercise 6: training a recurrent network, and letting it write.

Everything around the network: the loss and its perplexity, the gradient and its clipping, one
epoch, and the loop over epochs that now and then lets the model continue a text. None of it knows
whether it trains an RNN, a GRU or an LSTM: `rnn` is any function (inputs, state, params) →
(outputs, state), and `init_rnn_state` (batch_size, num_hiddens, device) → state makes its first
state.

Letters: n batch_size, q num_outputs (the vocabulary's size), T num_steps.
Source: 《动手学深度学习》(PyTorch), chapter 6.4; clipping: Pascanu, Mikolov and Bengio, "On the
difficulty of training recurrent neural networks", 2013; the state carried over but cut from the
graph: Williams and Peng's truncated back-propagation through time, 1990.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .sequence_data import data_iter_consecutive, data_iter_random, to_onehot


def sequence_loss(outputs: Sequence[Tensor] | Tensor, Y: Tensor) -> Tensor:
    """The mean cross-entropy of all T·n predictions, in nats.

        loss = −1/(T n) · Σ_t Σ_i log softmax(outputs[t][i])[Y[i, t]]

    Shapes: outputs T × (n, q), Y (n, T) → a 0-d tensor.

    Watch for: outputs run time first, labels batch first. Both must be brought into one order, or
    predictions are compared with other positions' labels. The outputs are logits.

    Args:
        outputs: a list, a tuple, a tensor (T, n, q), or one tensor (T·n, q), time-major.
        Y: the labels, whole numbers of any type.
    """
    if isinstance(outputs, Tensor) and outputs.dim() == 2:
        logits = outputs
    else:
        logits = torch.cat(list(outputs), dim=0)
    labels = Y.T.reshape(-1).long()
    return functional.cross_entropy(logits, labels)


def perplexity(mean_loss: Tensor | float) -> float:
    """The perplexity: among how many equally likely characters the model seems to choose.

        perplexity = exp(mean_loss)

    Shapes: a number or a 0-d tensor → a float. A perfect model has 1, blind guessing the size of
    the vocabulary.

        >>> perplexity(0.0)
        1.0

    Watch for: the mean comes first and exp last; the other way round gives another number.
    """
    return torch.as_tensor(mean_loss, dtype=torch.float64).exp().item()


def grad_clipping(
    params: Iterable[Tensor], theta: float, device: torch.device | str | None = None
) -> None:
    """Shortens the gradient to length θ if it is longer; its direction stays.

        g ← min(1, θ / ‖g‖) · g,    ‖g‖ = √(Σ over all parameters and entries of grad²)

    Shapes: each p.grad has the shape of its p, and is changed in place.

    Watch for: g is all gradients together, as one vector: one norm, one factor. `params` may be a
    generator, which can be walked through only once; a parameter may have no gradient yet.

    Args:
        params: any iterable of parameters; those whose .grad is None are passed over.
        theta: the greatest length.
        device: part of the notes' signature; the gradients know where they are.
    """
    grads = [param.grad for param in params if param.grad is not None]
    if not grads:
        return
    with torch.no_grad():
        norm = torch.cat([grad.reshape(-1) for grad in grads]).norm()
        if norm > theta:
            for grad in grads:
                grad.mul_(theta / norm)


def sgd(params: Iterable[Tensor], lr: float, batch_size: int = 1) -> None:
    """One step of stochastic gradient descent, in place.

        p ← p − lr · p.grad / batch_size

    Shapes: p and p.grad have the same shape, whichever it is.

    Watch for: the step itself is no part of the graph, and the very tensors that were handed in
    must change.

    Args:
        params: any iterable of parameters; those whose .grad is None stay as they are.
        lr: the learning rate.
        batch_size: 1 where the loss is a mean already.
    """
    with torch.no_grad():
        for param in params:
            if param.grad is not None:
                param -= lr * param.grad / batch_size


def detach_state(state: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The same state, cut from the graph: gradients stop here.

        values unchanged,    ∂(result)/∂(state) = 0

    Shapes: matrices (n, h) → as many, of the same shapes, as a tuple.

    Watch for: detaching gives a new tensor and leaves the old one as it was; an LSTM has two.
    """
    return tuple(matrix.detach() for matrix in state)


def predict_rnn(
    prefix: str,
    num_chars: int,
    rnn: Callable,
    params: Sequence[Tensor],
    init_rnn_state: Callable,
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str | None,
    idx_to_char: Sequence[str],
    char_to_idx: dict[str, int],
) -> str:
    """Lets the model continue a text: it reads `prefix`, then always takes its best guess.

        next = argmax_j Y_t[j],    fed back as the input of step t + 1

    Shapes: the batch is a single sequence, n = 1: each input is (1, vocab_size).

    Watch for: the state is carried from the first character to the last; what the model guesses
    while it still reads the prefix is ignored; and exactly `num_chars` characters are new.

    Returns:
        prefix + continuation, len(prefix) + num_chars characters.
    """
    indices = [char_to_idx[char] for char in prefix]
    state = init_rnn_state(1, num_hiddens, device)
    unread = indices
    with torch.no_grad():
        for _ in range(num_chars):
            X = torch.tensor([unread], device=device)
            outputs, state = rnn(_inputs(X, vocab_size, params), state, params)
            unread = [int(outputs[-1].argmax())]
            indices = indices + unread
    return "".join(idx_to_char[index] for index in indices)


def train_epoch(
    rnn: Callable,
    params: Sequence[Tensor],
    init_rnn_state: Callable,
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str | None,
    data_iter: Iterable[tuple[Tensor, Tensor]],
    lr: float,
    clipping_theta: float,
    is_random_iter: bool,
) -> float:
    """One epoch: every mini-batch of `data_iter` makes one clipped step of gradient descent.

        for each (X, Y):    loss = sequence_loss(rnn(X), Y)
                            g = ∂loss/∂params, clipped to θ;    params ← params − lr · g
        result = exp(Σ loss · labels / Σ labels),    labels = n T, the labels in a batch

    Shapes: X and Y (n, T); n may differ from batch to batch.

    Watch for: the gradients of the batch before are still there. Between random batches the state
    means nothing; between consecutive ones its values go on but its graph does not. Batches of
    different size do not count alike in the epoch's perplexity.

    Args:
        data_iter: pairs (X, Y) of indices.
        clipping_theta: θ, the greatest length of the gradient.
        is_random_iter: True: a new state for each batch; False: one state, carried on.

    Returns:
        the epoch's perplexity, a float; `params` are changed in place.

    Raises:
        ValueError: if `data_iter` has no batch.
    """
    state, total_loss, num_labels = None, 0.0, 0
    for X, Y in data_iter:
        X, Y = X.to(device), Y.to(device)
        if state is None or is_random_iter:
            state = init_rnn_state(X.shape[0], num_hiddens, device)
        else:
            state = detach_state(state)
        outputs, state = rnn(_inputs(X, vocab_size, params), state, params)
        loss = sequence_loss(outputs, Y)
        for param in params:
            param.grad = None
        loss.backward()
        grad_clipping(params, clipping_theta, device)
        sgd(params, lr)  # the loss is a mean: nothing to divide by
        total_loss += loss.item() * Y.numel()
        num_labels += Y.numel()
    if num_labels == 0:
        raise ValueError("data_iter has no batch: the corpus is shorter than one full mini-batch")
    return perplexity(total_loss / num_labels)


def train_and_predict_rnn(
    rnn: Callable,
    get_params: Callable,
    init_rnn_state: Callable,
    num_hiddens: int,
    vocab_size: int,
    device: torch.device | str | None,
    corpus_indices: Sequence[int] | Tensor,
    idx_to_char: Sequence[str],
    char_to_idx: dict[str, int],
    is_random_iter: bool,
    num_epochs: int,
    num_steps: int,
    lr: float,
    clipping_theta: float,
    batch_size: int,
    pred_period: int,
    pred_len: int,
    prefixes: Sequence[str],
) -> tuple[Sequence[Tensor], list[float]]:
    """Trains a new model for `num_epochs` epochs, and prints now and then how it writes.

        params = get_params(vocab_size, num_hiddens, vocab_size, device)
        each epoch:    data_iter_random or data_iter_consecutive, then `train_epoch`
        each `pred_period` epochs: prints the perplexity and `pred_len` characters a prefix

    Shapes: the mini-batches are (batch_size, num_steps); a character is both input and label, so
    d = q = vocab_size.

    Watch for: an iterator that has run to its end gives nothing in the next epoch.

    Returns:
        (params, perplexities): the trained parameters, and one float an epoch.
    """
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        perplexities.append(train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter))
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {perplexities[-1]:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


def _inputs(X: Tensor, vocab_size: int, params: Sequence[Tensor]) -> list[Tensor]:
    """A mini-batch of indices as one-hot inputs in the precision of the parameters."""
    dtype = next(iter(params)).dtype
    return [matrix.to(dtype) for matrix in to_onehot(X, vocab_size)]
