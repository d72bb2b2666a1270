"""Mistakes in train_and_predict_rnn: what it prints and returns."""
# The signatures of up to eighteen arguments stay on a few lines:
# fmt: off

from grader.misconceptions import wrong
from solutions.sequence_data import data_iter_consecutive, data_iter_random
from solutions.training import predict_rnn, train_epoch


@wrong(
    "training.train_and_predict_rnn",
    en="Only the perplexities that are printed are kept; one is wanted for every epoch.",
    zh="只保留了打印出来的困惑度，而每个周期都应有一个。",
    hint_en="Under which condition does append run?",
    hint_zh="append 在什么条件下执行？",
)
def only_printed_perplexities(
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
        if epoch % pred_period == 0:
            perplexities.append(result)
            print(f"epoch {epoch}, perplexity {result:.3f}")
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="One number comes back, the last perplexity, instead of one for every epoch.",
    zh="只返回了最后一个困惑度，而不是每个周期一个。",
    hint_en="The second result is a list of num_epochs floats.",
    hint_zh="第二个返回值是含 num_epochs 个浮点数的列表。",
)
def last_perplexity_only(
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
    return params, perplexities[-1]


@wrong(
    "training.train_and_predict_rnn",
    en="Only the perplexities come back; the trained parameters are lost.",
    zh="只返回了困惑度，训练好的参数丢掉了。",
    hint_en="What does the caller need to go on writing with the model?",
    hint_zh="调用者要继续用这个模型写文本，需要什么？",
)
def parameters_not_returned(
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
    return perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The two results come back in the wrong order.",
    zh="两个返回值的次序反了。",
    hint_en="First what was learnt, then how well.",
    hint_zh="先是学到的参数，再是学得怎么样。",
)
def results_swapped(
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
    return perplexities, params


@wrong(
    "training.train_and_predict_rnn",
    en="Nothing is printed.",
    zh="什么都没有打印。",
    hint_en="Every pred_period epochs: one line with the perplexity, and one for each prefix.",
    hint_zh="每 pred_period 个周期打印一行困惑度，再为每个前缀打印一行续写。",
)
def nothing_printed(
    rnn, get_params, init_rnn_state, num_hiddens, vocab_size, device, corpus_indices,
    idx_to_char, char_to_idx, is_random_iter, num_epochs, num_steps, lr, clipping_theta,
    batch_size, pred_period, pred_len, prefixes
):
    sampling = data_iter_random if is_random_iter else data_iter_consecutive
    params = get_params(vocab_size, num_hiddens, vocab_size, device)
    model = (rnn, params, init_rnn_state, num_hiddens, vocab_size, device)
    perplexities = []
    for _ in range(num_epochs):
        data_iter = sampling(corpus_indices, batch_size, num_steps, device)
        result = train_epoch(*model, data_iter, lr, clipping_theta, is_random_iter)
        perplexities.append(result)
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="Every epoch is printed: pred_period is not used.",
    zh="每个周期都打印了，没有用到 pred_period。",
    hint_en="Which epochs are multiples of pred_period?",
    hint_zh="哪些周期的序号是 pred_period 的倍数？",
)
def printed_every_epoch(
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
        print(f"epoch {epoch}, perplexity {result:.3f}")
        for prefix in prefixes:
            print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The continuations are printed, but not the perplexity.",
    zh="打印了续写，却没有打印困惑度。",
    hint_en="A reader wants to see both how good the model is and how it writes.",
    hint_zh="读者既想看模型有多好，也想看它写得怎样。",
)
def perplexity_not_printed(
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
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="Only the first prefix is continued.",
    zh="只续写了第一个前缀。",
    hint_en="prefixes is a list: one continuation for each entry.",
    hint_zh="prefixes 是列表，其中每一项都要续写。",
)
def first_prefix_only(
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
            for prefix in prefixes[:1]:
                print(" -", predict_rnn(prefix, pred_len, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The continuations have num_steps characters; they should have pred_len.",
    zh="续写了 num_steps 个字符，应为 pred_len 个。",
    hint_en="Which of the two lengths is for training, which for writing?",
    hint_zh="这两个长度，哪一个用于训练，哪一个用于续写？",
)
def continued_by_num_steps(
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
                print(" -", predict_rnn(prefix, num_steps, *model, idx_to_char, char_to_idx))
    return params, perplexities


@wrong(
    "training.train_and_predict_rnn",
    en="The continuations come from new parameters, not from those being trained.",
    zh="续写用的是新建的参数，而不是正在训练的参数。",
    hint_en="Which parameters does predict_rnn get?",
    hint_zh="传给 predict_rnn 的是哪些参数？",
)
def untrained_model_writes(
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
            fresh = get_params(vocab_size, num_hiddens, vocab_size, device)
            model_now = (rnn, fresh, *model[2:])
            for prefix in prefixes:
                print(" -", predict_rnn(prefix, pred_len, *model_now, idx_to_char, char_to_idx))
    return params, perplexities
