"""Mistakes in train_and_predict_rnn: how it trains."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

import math

from grader.misconceptions import wrong
from solutions.sequence_data import data_iter_consecutive, data_iter_random
from solutions.training import predict_rnn, train_epoch


@wrong(
    "training.train_and_predict_rnn",
    en="The two kinds of sampling are swapped: is_random_iter=True gives consecutive batches.",
    zh="两种采样弄反了：is_random_iter=True 时用的是连续采样。",
    hint_en="Read the conditional expression aloud.",
    hint_zh="把这个条件表达式念一遍。",
)
def samplings_swapped(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_consecutive if is_random_iter else data_iter_random
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="train_epoch is always told that the batches are random, so the state is never carried on.",
    zh="总是告诉 train_epoch 批量是随机的，状态从来没有延续。",
    hint_en="The flag decides two things: the sampling, and what becomes of the state.",
    hint_zh="这个标志决定两件事：采样方式，以及状态如何处理。",
)
def flag_not_passed_on(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, True)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="Every epoch starts from new parameters, so nothing learnt is kept.",
    zh="每个周期都新建参数，学到的东西全丢了。",
    hint_en="Which lines belong in front of the loop?",
    hint_zh="哪几行应放在循环之前？",
)
def parameters_made_every_epoch(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        params = get_params(vocab_size, num_hiddens, vocab_size, device)
        model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The parameters that come back are new ones, not those that were trained.",
    zh="返回的是新建的参数，而不是训练好的那些。",
    hint_en="How often is get_params called?",
    hint_zh="get_params 被调用了几次？",
)
def fresh_parameters_returned(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The iterator is made once, before the loop: from the second epoch on it is empty.",
    zh="迭代器在循环之前只建了一次，从第二个周期起就空了。",
    hint_en="A generator that has run to its end gives nothing more. When is a new one needed?",
    hint_zh="走到头的生成器不会再给出任何东西。什么时候需要新的？",
)
def iterator_made_once(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    data_iter = sampling(corpus_indices, batch_size, num_steps, device)
    for epoch in range(1, num_epochs + 1):
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="There is one epoch too few.",
    zh="少训练了一个周期。",
    hint_en="How many numbers does range(1, num_epochs) give?",
    hint_zh="range(1, num_epochs) 给出几个数？",
)
def one_epoch_short(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="batch_size and num_steps are swapped when the iterator is made.",
    zh="创建迭代器时 batch_size 与 num_steps 写反了。",
    hint_en="Look up the order of the sampling functions' arguments.",
    hint_zh="查一下两个采样函数的参数次序。",
)
def sizes_swapped(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, num_steps, batch_size, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="lr and clipping_theta are swapped when train_epoch is called.",
    zh="调用 train_epoch 时 lr 与 clipping_theta 写反了。",
    hint_en="Look up the order of train_epoch's arguments.",
    hint_zh="查一下 train_epoch 的参数次序。",
)
def rate_and_threshold_swapped(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, clipping_theta, lr, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The gradients are never clipped: clipping_theta doesn't reach train_epoch.",
    zh="梯度从未裁剪：clipping_theta 没有传给 train_epoch。",
    hint_en="Follow clipping_theta from the signature to the place where it is used.",
    hint_zh="顺着 clipping_theta 看：从函数签名到使用它的地方。",
)
def clipping_switched_off(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, math.inf, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The learning rate is divided by the number of the epoch.",
    zh="学习率除以了周期的序号，越来越小。",
    hint_en="lr stays the same from the first epoch to the last.",
    hint_zh="从第一个周期到最后一个周期，lr 保持不变。",
)
def learning_rate_falls(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr / epoch, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The parameters stay what get_params made them: no step reaches them, or the gradients are "
    "zero by then.",
    zh="参数始终是 get_params 给出的样子：更新没有作用到它们，或者更新时梯度已经是零。",
    hint_en="Print params[0] before and after an epoch. Which line should change it?",
    hint_zh="在一个周期前后各打印一次 params[0]。哪一行应当改变它？",
)
def nothing_learnt(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices, idx_to_char,
    char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta, batch_size,
    pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for epoch in range(1, num_epochs + 1):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, 0.0, clipping_theta, is_random_iter)
        perplexities.append(result)
        if epoch % pred_period == 0:
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities
