"""Mistakes in data_iter_random."""

import random

import torch

from grader.misconceptions import wrong

# Who shuffles in another way gets another order; the mistake is the same.
ORDERS = {
    "_by_torch": {
        "random.shuffle(starts)": "starts = [starts[k] for k in torch.randperm(len(starts))]"
    },
    "_by_numpy": {
        "random.shuffle(starts)": "starts = [starts[k] for k in np.random.permutation(len(starts))]"
    },
}


@wrong(
    "sequence_data.data_iter_random",
    en="The windows come in the order of the text: nothing is shuffled.",
    zh="窗口按原文顺序给出，没有打乱。",
    hint_en="Which line puts the starting positions in a random order?",
    hint_zh="哪一行把起始位置打乱？",
)
def never_shuffled(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="Every epoch uses the same order, because the seed is fixed inside the function.",
    zh="函数内部固定了随机种子，每个周期的顺序都一样。",
    hint_en="A function that seeds its own generator is not random any more from call to call.",
    hint_zh="函数自己设定种子后，每次调用得到的就不再是新的随机顺序。",
)
def same_order_every_epoch(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.Random(0).shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="A window may start anywhere, so windows overlap.",
    zh="窗口可以从任意位置开始，因此会互相重叠。",
    hint_en="Each character is read at most once an epoch: which starting positions allow that?",
    hint_zh="每个周期里每个字符最多读一次：起始位置应当取哪些数？",
)
def overlapping_windows(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = list(range(len(corpus) - num_steps))
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="Y equals X: the labels are not shifted.",
    zh="Y 与 X 相同，标签没有后移。",
    hint_en="The label of a character is the character after it.",
    hint_zh="一个字符的标签是它后面的那个字符。",
    also=ORDERS,
)
def labels_equal_inputs(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        X = torch.stack([corpus[s : s + num_steps] for s in starts[k : k + batch_size]])
        yield X, X.clone()


@wrong(
    "sequence_data.data_iter_random",
    en="Y is the whole next window: shifted by num_steps instead of by 1.",
    zh="Y 是整个下一个窗口：后移了 num_steps 位，而不是 1 位。",
    hint_en="All but one of the characters of X occur in Y as well.",
    hint_zh="除一个字符外，X 的字符也都出现在 Y 中。",
    also=ORDERS,
)
def labels_one_window_later(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    labels = torch.roll(corpus, -num_steps)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([labels[s : s + num_steps] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="The windows left over at the end come as a batch that is too small.",
    zh="最后剩下的窗口不足一批，却也当作一批给出了。",
    hint_en="How many full batches can be made of these windows?",
    hint_zh="这些窗口能凑成多少个完整的批量？",
    also=ORDERS,
)
def partial_batch_kept(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts), batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="There is one window too many when num_steps divides the length: its Y has no last label.",
    zh="长度能被 num_steps 整除时多出一个窗口，它的 Y 缺最后一个标签。",
    hint_en="The last character is a label only. How many characters can be inputs?",
    hint_zh="最后一个字符只能当标签。能当输入的字符有多少个？",
    also=ORDERS,
)
def labels_run_out(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range(len(corpus) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="Windows are drawn with replacement: some come twice in an epoch, others never.",
    zh="窗口是有放回地抽取的：一个周期里有的出现两次，有的一次也没有。",
    hint_en="Put all starting positions in a new order instead of drawing each one afresh.",
    hint_zh="应当把全部起始位置重新排列，而不是每次独立地抽一个。",
)
def windows_drawn_with_replacement(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    count = (len(corpus) - 1) // num_steps
    for _ in range(count // batch_size):
        chosen = [random.randrange(count) * num_steps for _ in range(batch_size)]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="Only whole batches are shuffled: the windows of a batch are still neighbours.",
    zh="只打乱了批量的先后，同一批量里的窗口在原文中仍然相邻。",
    hint_en="Shuffle before you group windows into batches, not after.",
    hint_zh="应当先打乱窗口再分批，而不是先分批再打乱。",
)
def only_batches_shuffled(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    count = (len(corpus) - 1) // num_steps // batch_size
    span = batch_size * num_steps
    for k in random.sample(range(count), count):
        window = slice(k * span, (k + 1) * span)
        labels = corpus[1:][window]
        yield corpus[window].view(batch_size, -1), labels.view(batch_size, -1)


@wrong(
    "sequence_data.data_iter_random",
    en="The characters themselves are shuffled, so a window is no piece of the text.",
    zh="打乱的是字符本身，窗口不再是原文中的一段。",
    hint_en="Shuffle the starting positions, and leave the text as it is.",
    hint_zh="要打乱的是起始位置，原文保持不动。",
)
def characters_shuffled(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    corpus = corpus[torch.randperm(len(corpus), device=corpus.device)]
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="The last window is never used.",
    zh="最后一个窗口从未用到。",
    hint_en="(len - 1) // num_steps windows fit already, and range stops before its end by itself.",
    hint_zh="(len - 1) // num_steps 已经是窗口的个数，而 range 本来就不含终点。",
    also=ORDERS,
)
def last_window_missing(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps - 1)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="X and Y are time-major: (num_steps, batch_size) instead of (batch_size, num_steps).",
    zh="X 和 Y 把时间放在了第一维：应为 (batch_size, num_steps)。",
    hint_en="A window is a row of X.",
    hint_zh="一个窗口是 X 的一行。",
    also=ORDERS,
)
def windows_as_columns(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen], dim=1)
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen], dim=1)


@wrong(
    "sequence_data.data_iter_random",
    en="Each epoch skips a random number of characters first, as newer editions of the book do.",
    zh="每个周期先跳过随机个数的字符，这是新版书的做法。",
    hint_en="Here windows start at multiples of num_steps, counted from the first character.",
    hint_zh="这里的窗口从第一个字符算起，起点是 num_steps 的倍数。",
    also=ORDERS,
)
def random_offset(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    corpus = corpus[random.randint(0, num_steps - 1) :]
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        chosen = starts[k : k + batch_size]
        X = torch.stack([corpus[s : s + num_steps] for s in chosen])
        yield X, torch.stack([corpus[s + 1 : s + num_steps + 1] for s in chosen])


@wrong(
    "sequence_data.data_iter_random",
    en="X and Y are both cut from one window of num_steps characters: they are one too short.",
    zh="X 和 Y 都从同一个长为 num_steps 的窗口里截取，各少了一列。",
    hint_en="num_steps inputs and the label of the last one: how many characters is that?",
    hint_zh="num_steps 个输入再加上最后一个的标签，一共需要多少个字符？",
    also=ORDERS,
)
def one_column_short(corpus_indices, batch_size, num_steps, device=None):
    corpus = torch.as_tensor(corpus_indices, device=device)
    starts = [i * num_steps for i in range((len(corpus) - 1) // num_steps)]
    random.shuffle(starts)
    for k in range(0, len(starts) - batch_size + 1, batch_size):
        windows = torch.stack([corpus[s : s + num_steps] for s in starts[k : k + batch_size]])
        yield windows[:, :-1], windows[:, 1:]
