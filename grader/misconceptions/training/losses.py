"""Mistakes in sequence_loss and perplexity.

``torch.cat([*outputs])`` with the ``reshape`` after it takes outputs in every form that is allowed:
a list, a tuple, a (T, n, q) and a (T·n, q) tensor.
"""

import math

import torch
from torch.nn import functional as F

from grader.misconceptions import wrong


@wrong(
    "training.sequence_loss",
    en="The outputs run time first, the labels batch first: Y is flattened without transposing.",
    zh="输出先排时间，标签却先排样本：Y 没有转置就展平了。",
    hint_en="Row 1 of the joined outputs is sample 1 at time 0. Which label is entry 1 of yours?",
    hint_zh="拼接后的输出中，第 1 行是样本 1 在时间步 0。你的第 1 个标签是谁的？",
)
def labels_not_transposed(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.reshape(-1).long())


@wrong(
    "training.sequence_loss",
    en="The loss is the sum over all predictions, not their mean.",
    zh="损失是所有预测之和，而不是平均值。",
    hint_en="A batch twice as large should not have twice the loss.",
    hint_zh="批量大一倍，损失不应该也大一倍。",
)
def summed(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long(), reduction="sum")


@wrong(
    "training.sequence_loss",
    en="Softmax is applied twice: once by you, once inside the cross-entropy.",
    zh="softmax 做了两次：你做了一次，交叉熵内部又做了一次。",
    hint_en="Does F.cross_entropy want probabilities or logits?",
    hint_zh="F.cross_entropy 要的是概率还是未归一化的得分？",
)
def softmax_twice(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits.softmax(dim=1), Y.T.reshape(-1).long())


@wrong(
    "training.sequence_loss",
    en="The loss is in bits (base 2); it should be in nats (base e).",
    zh="损失以比特为单位（底数为 2），应以奈特为单位（底数为 e）。",
    hint_en="Which logarithm belongs to exp?",
    hint_zh="与 exp 对应的是哪种对数？",
)
def in_bits(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long()) / math.log(2)


@wrong(
    "training.sequence_loss",
    en="The outputs are stacked batch first, but the labels run time first.",
    zh="输出按样本优先堆叠，标签却是时间优先。",
    hint_en="Along which dimension do you join the T matrices, and which order do rows get?",
    hint_zh="T 个矩阵沿哪一维拼接？行的次序因此是怎样的？",
)
def outputs_stacked_batch_first(outputs, Y):
    q = outputs[0].shape[-1]
    steps = torch.cat([*outputs]).reshape(-1, Y.shape[0], q)
    logits = torch.stack([*steps], dim=1).reshape(-1, q)
    return F.cross_entropy(logits, Y.T.reshape(-1).long())


@wrong(
    "training.sequence_loss",
    en="Only the last time step counts; the loss is a mean over all of them.",
    zh="只算了最后一个时间步，而损失应对所有时间步求平均。",
    hint_en="Each output predicts a character, also the first one.",
    hint_zh="每个输出都预测一个字符，第一个也不例外。",
)
def last_step_only(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, Y.shape[0], outputs[0].shape[-1])
    return F.cross_entropy(logits[-1], Y[:, -1].long())


@wrong(
    "training.sequence_loss",
    en="The losses of the time steps are added up, but not divided by their number.",
    zh="各时间步的损失相加了，却没有除以步数。",
    hint_en="The mean is over samples and time steps. What is missing after the loop?",
    hint_zh="要对样本和时间步都求平均。循环之后还差哪一步？",
)
def summed_over_steps(outputs, Y):
    steps = torch.cat([*outputs]).reshape(-1, Y.shape[0], outputs[0].shape[-1])
    return sum(F.cross_entropy(logits, Y[:, t].long()) for t, logits in enumerate(steps))


@wrong(
    "training.sequence_loss",
    en="The sum is divided by the number of time steps only, not by the batch size as well.",
    zh="总和只除以了时间步数，没有除以批量大小。",
    hint_en="How many predictions are there in all: T, n or T·n?",
    hint_zh="一共有多少个预测：T、n 还是 T·n？",
)
def divided_by_steps_only(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long(), reduction="sum") / Y.shape[1]


@wrong(
    "training.sequence_loss",
    en="The outputs are detached, so no gradient comes back from the loss.",
    zh="输出被 detach 了，损失传不回任何梯度。",
    hint_en="It is the state that is cut between batches; the loss needs the graph.",
    hint_zh="在批量之间切断的是隐藏状态，而损失需要计算图。",
)
def outputs_detached(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits.detach(), Y.T.reshape(-1).long())


@wrong(
    "training.sequence_loss",
    en="The logarithm is missing: probabilities are averaged instead of log-probabilities.",
    zh="缺了对数：取平均的是概率，而不是对数概率。",
    hint_en="nll_loss takes log-probabilities.",
    hint_zh="nll_loss 的输入应当是对数概率。",
)
def logarithm_forgotten(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.nll_loss(logits.softmax(dim=1), Y.T.reshape(-1).long())


@wrong(
    "training.sequence_loss",
    en="The loss is negative: it is the mean log-probability, without the minus sign.",
    zh="损失是负的：这是对数概率的平均，缺了负号。",
    hint_en="A better prediction should have a smaller loss, and a perfect one 0.",
    hint_zh="预测越好损失应越小，完美时为 0。",
)
def minus_forgotten(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return logits.log_softmax(dim=1).gather(1, Y.T.reshape(-1, 1).long()).mean()


@wrong(
    "training.sequence_loss",
    en="The labels are smoothed, so even a perfect prediction has a loss.",
    zh="用了标签平滑，完美的预测也有损失。",
    hint_en="Plain cross-entropy needs no option of F.cross_entropy.",
    hint_zh="普通的交叉熵不需要 F.cross_entropy 的任何选项。",
)
def labels_smoothed(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long(), label_smoothing=0.1)


@wrong(
    "training.sequence_loss",
    en="The result is a Python float, which has no gradient.",
    zh="结果是 Python 的 float，没有梯度。",
    hint_en="backward() needs a tensor. Where does .item() belong, and where not?",
    hint_zh="backward() 需要张量。.item() 该用在哪里，不该用在哪里？",
)
def returned_as_float(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long()).item()


@wrong(
    "training.sequence_loss",
    en="One loss for each prediction comes back instead of their mean.",
    zh="返回的是每个预测各自的损失，而不是平均值。",
    hint_en="The result has no dimensions: it is one number.",
    hint_zh="结果是 0 维张量，只有一个数。",
)
def one_loss_per_prediction(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    return F.cross_entropy(logits, Y.T.reshape(-1).long(), reduction="none")


@wrong(
    "training.sequence_loss",
    en="The softmax is computed from bare exponentials, which overflow for large logits.",
    zh="softmax 直接用指数计算，得分很大时会溢出。",
    hint_en="Which function of torch computes log-softmax in one go, without overflow?",
    hint_zh="torch 的哪个函数一步算出 log-softmax，而且不会溢出？",
)
def exponentials_overflow(outputs, Y):
    logits = torch.cat([*outputs]).reshape(-1, outputs[0].shape[-1])
    probabilities = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return -probabilities.log().gather(1, Y.T.reshape(-1, 1).long()).mean()


@wrong(
    "training.perplexity",
    en="The base is 2, but the loss is in nats: the base is e.",
    zh="底数用了 2，而损失以奈特为单位，底数应为 e。",
    hint_en="Uniform guessing among V characters has loss ln V; its perplexity must be V.",
    hint_zh="在 V 个字符中均匀猜测，损失是 ln V，困惑度必须是 V。",
)
def two_to_the_loss(mean_loss):
    return 2.0 ** float(mean_loss)


@wrong(
    "training.perplexity",
    en="The sign is wrong: exp(-mean_loss) is a mean probability, at most 1.",
    zh="符号错了：exp(-mean_loss) 是平均概率，最大为 1。",
    hint_en="Perplexity is at least 1 and grows with the loss.",
    hint_zh="困惑度至少是 1，并且随损失增大。",
)
def exponent_negated(mean_loss):
    return math.exp(-mean_loss)


@wrong(
    "training.perplexity",
    en="The mean loss itself comes back: exp is missing.",
    zh="返回的就是平均损失，没有取 exp。",
    hint_en="What is the perplexity of a perfect model, whose loss is 0?",
    hint_zh="完美模型的损失是 0，它的困惑度是多少？",
)
def loss_itself(mean_loss):
    return float(mean_loss)


@wrong(
    "training.perplexity",
    en="The perplexity is rounded to a whole number.",
    zh="困惑度被取整了。",
    hint_en="Round when you print, not when you compute.",
    hint_zh="取整是打印时的事，计算时不要取整。",
)
def rounded(mean_loss):
    return float(round(math.exp(mean_loss)))


@wrong(
    "training.perplexity",
    en="Large perplexities are cut off.",
    zh="较大的困惑度被截断了。",
    hint_en="A bad model may have a perplexity of hundreds; report what it is.",
    hint_zh="差的模型困惑度可能有几百，如实返回即可。",
)
def cut_off(mean_loss):
    return math.exp(min(float(mean_loss), 4.0))


@wrong(
    "training.perplexity",
    en="1 is subtracted: a perfect model gets 0.",
    zh="多减了 1：完美模型得到的是 0。",
    hint_en="exp(0) is 1, and that is right: the model hesitates between 1 character.",
    hint_zh="exp(0) 等于 1，这正是对的：模型只在 1 个字符中选择。",
)
def one_subtracted(mean_loss):
    return math.expm1(mean_loss)


@wrong(
    "training.perplexity",
    en="The loss is converted to bits first, but the base stays e.",
    zh="先把损失换算成比特，底数却仍是 e。",
    hint_en="Nats go with e, bits with 2. Which of the two is your loss in?",
    hint_zh="奈特配 e，比特配 2。你的损失以哪个为单位？",
)
def bits_with_base_e(mean_loss):
    return math.exp(mean_loss / math.log(2))


@wrong(
    "training.perplexity",
    en="The logarithm is taken instead of the exponential.",
    zh="取了对数，而不是指数。",
    hint_en="The loss is a logarithm already. Which function undoes it?",
    hint_zh="损失本来就是对数。哪个函数能把它还原？",
)
def logarithm_taken(mean_loss):
    return math.log(mean_loss)
