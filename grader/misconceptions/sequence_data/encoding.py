"""Mistakes in one_hot and to_onehot."""

import torch
from torch.nn import functional as F

from grader.misconceptions import wrong
from solutions.sequence_data import one_hot


@wrong(
    "sequence_data.one_hot",
    en="A matrix is transposed: (n_class, n) instead of (n, n_class).",
    zh="矩阵被转置了：应为 (n, n_class)，而不是 (n_class, n)。",
    hint_en="One row for each entry of x. Along which dimension do you write the ones?",
    hint_zh="x 的每个元素对应一行。写入 1 时用的是哪一维？",
)
def wrong_axis(x, n_class, dtype=torch.float32):
    result = torch.zeros(n_class, x.shape[0], dtype=dtype, device=x.device)
    return result.scatter_(0, x.long().view(1, -1), 1)


@wrong(
    "sequence_data.one_hot",
    en="The result is always float32: the argument dtype is not used.",
    zh="结果总是 float32，没有用到参数 dtype。",
    hint_en="Which dtype does torch.zeros give when you name none?",
    hint_zh="torch.zeros 不指定 dtype 时得到什么类型？",
)
def dtype_ignored(x, n_class, dtype=torch.float32):
    result = torch.zeros(x.shape[0], n_class, device=x.device)
    return result.scatter_(1, x.long().view(-1, 1), 1)


@wrong(
    "sequence_data.one_hot",
    en="The result holds integers, so it can't be multiplied with float weights.",
    zh="结果是整数类型，无法与浮点权重相乘。",
    hint_en="F.one_hot returns int64. What is still missing to get `dtype`?",
    hint_zh="F.one_hot 返回 int64。要得到 dtype 还差哪一步？",
)
def integer_result(x, n_class, dtype=torch.float32):
    return F.one_hot(x.long(), n_class)


@wrong(
    "sequence_data.one_hot",
    en="The 1 stands one column too far to the left: class k is marked in column k - 1.",
    zh="1 的位置偏左了一列：类别 k 标在了第 k - 1 列。",
    hint_en="Classes are counted from 0, like columns. Is there anything to subtract?",
    hint_zh="类别与列一样从 0 开始数，还需要减 1 吗？",
)
def column_off_by_one(x, n_class, dtype=torch.float32):
    return torch.eye(n_class, dtype=dtype, device=x.device)[x.long() - 1]


@wrong(
    "sequence_data.one_hot",
    en="Only int64 indices work; x may just as well be int32 or float.",
    zh="只接受 int64 的下标，而 x 也可能是 int32 或浮点数。",
    hint_en="Indexing functions want int64. Convert x before you use it as an index.",
    hint_zh="按下标操作的函数要求 int64，使用前先转换 x 的类型。",
)
def needs_int64(x, n_class, dtype=torch.float32):
    return F.one_hot(x, n_class).to(dtype)


@wrong(
    "sequence_data.one_hot",
    en="The index itself is written into the column, where a 1 should stand.",
    zh="列里写入的是下标本身，而不是 1。",
    hint_en="How large is the sum of each row? It should be 1, whatever the class.",
    hint_zh="每一行的和是多少？无论类别是几，都应为 1。",
)
def index_written(x, n_class, dtype=torch.float32):
    index = x.long().view(-1, 1)
    result = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    return result.scatter_(1, index, index.to(dtype))


@wrong(
    "sequence_data.one_hot",
    en="The width follows the largest index in x instead of n_class.",
    zh="列数取决于 x 中的最大值，而不是 n_class。",
    hint_en="Two batches must give rows of the same width, whatever characters occur in them.",
    hint_zh="无论批量里出现哪些字符，每一行的宽度都应相同。",
)
def n_class_ignored(x, n_class, dtype=torch.float32):
    return F.one_hot(x.long()).to(dtype)


@wrong(
    "sequence_data.one_hot",
    en="x itself comes out of the call with another shape.",
    zh="调用之后 x 本身的形状变了。",
    hint_en="Methods that end in _ change the tensor in place. Is there one without it?",
    hint_zh="以下划线结尾的方法会原地修改张量。有没有不带下划线的版本？",
)
def argument_reshaped(x, n_class, dtype=torch.float32):
    result = torch.zeros(x.shape[0], n_class, dtype=dtype, device=x.device)
    return result.scatter_(1, x.unsqueeze_(1).long(), 1)


@wrong(
    "sequence_data.one_hot",
    en="All columns up to the index are 1, not only the column of the index.",
    zh="下标及其左边的各列都是 1，而不是只有下标那一列。",
    hint_en="A row holds a single 1. Which comparison is true for one column only?",
    hint_zh="每一行只有一个 1。哪种比较只对一列成立？",
)
def filled_up_to_index(x, n_class, dtype=torch.float32):
    columns = torch.arange(n_class, device=x.device)
    return (columns <= x.view(-1, 1)).to(dtype)


@wrong(
    "sequence_data.one_hot",
    en="The whole batch is added up in one row instead of giving one row for each entry.",
    zh="整个批量被累加成一行，而不是每个元素各占一行。",
    hint_en="n entries give n rows. Where does the first dimension get lost?",
    hint_zh="n 个元素应得到 n 行。第一维是在哪里丢掉的？",
)
def one_row_for_all(x, n_class, dtype=torch.float32):
    return torch.bincount(x.long(), minlength=n_class).to(dtype)


@wrong(
    "sequence_data.one_hot",
    en="The result is made on the CPU, wherever x is.",
    zh="无论 x 在哪个设备上，结果都建在 CPU 上。",
    hint_en="Which device does torch.zeros choose when you name none?",
    hint_zh="torch.zeros 不指定 device 时会用哪个设备？",
)
def made_on_the_cpu(x, n_class, dtype=torch.float32):
    result = torch.zeros(x.shape[0], n_class, dtype=dtype)
    return result.scatter_(1, x.long().view(-1, 1), 1)


@wrong(
    "sequence_data.to_onehot",
    en="You get one matrix for each sample; it should be one for each time step.",
    zh="得到的是每个样本一个矩阵，而应当是每个时间步一个矩阵。",
    hint_en="A recurrent net reads column after column of X. How do you take column t?",
    hint_zh="循环神经网络逐列读取 X。第 t 列怎么取？",
)
def one_matrix_per_sample(X, n_class):
    return [one_hot(row, n_class) for row in X]


@wrong(
    "sequence_data.to_onehot",
    en="The result is one (n, T, n_class) tensor: its first dimension is not time.",
    zh="结果是一个 (n, T, n_class) 的张量，第一维不是时间。",
    hint_en="Looping over the result must give the matrix of time step 0, then 1, and so on.",
    hint_zh="遍历结果时应依次得到时间步 0、1……的矩阵。",
)
def batch_dimension_first(X, n_class):
    return one_hot(X.reshape(-1), n_class).reshape(*X.shape, n_class)


@wrong(
    "sequence_data.to_onehot",
    en="A matrix is transposed: (n_class, n) instead of (n, n_class).",
    zh="矩阵被转置了：应为 (n, n_class)，而不是 (n_class, n)。",
    hint_en="Samples are rows: X_t @ W must work for W of shape (n_class, h).",
    hint_zh="行是样本：W 的形状为 (n_class, h) 时，X_t @ W 应当能算。",
)
def matrices_transposed(X, n_class):
    return [one_hot(column, n_class).T for column in X.T]


@wrong(
    "sequence_data.to_onehot",
    en="The last time step is missing: there are T - 1 matrices.",
    zh="缺了最后一个时间步：只有 T - 1 个矩阵。",
    hint_en="X and Y are shifted already. How many columns has X?",
    hint_zh="X 与 Y 的错位在采样时已经完成。X 有多少列？",
)
def last_step_missing(X, n_class):
    return [one_hot(X[:, t], n_class) for t in range(X.shape[1] - 1)]


@wrong(
    "sequence_data.to_onehot",
    en="The time steps come in reverse order.",
    zh="时间步的顺序是倒着的。",
    hint_en="The first matrix belongs to the first column of X.",
    hint_zh="第一个矩阵对应 X 的第一列。",
)
def time_reversed(X, n_class):
    return [one_hot(X[:, -t], n_class) for t in range(1, X.shape[1] + 1)]


@wrong(
    "sequence_data.to_onehot",
    en="X is reshaped to T rows where it should be transposed: samples and time get mixed.",
    zh="把 X 变形成 T 行，而没有转置：样本和时间混在了一起。",
    hint_en="Try X = [[0, 1], [2, 3]] by hand: which of reshape and .T keeps the reading order?",
    hint_zh="用 X = [[0, 1], [2, 3]] 手算一下：reshape 和 .T 哪一个保持读取顺序？",
)
def reshaped_not_transposed(X, n_class):
    n, T = X.shape
    return [one_hot(column, n_class) for column in X.reshape(T, n)]


@wrong(
    "sequence_data.to_onehot",
    en="Only int64 indices work; X may just as well be int32 or float.",
    zh="只接受 int64 的下标，而 X 也可能是 int32 或浮点数。",
    hint_en="F.one_hot wants int64. Convert X first, or use your own one_hot.",
    hint_zh="F.one_hot 要求 int64。先转换 X，或者用自己写的 one_hot。",
)
def indices_must_be_int64(X, n_class):
    return list(F.one_hot(X.T, n_class).to(torch.float32))


@wrong(
    "sequence_data.to_onehot",
    en="The matrices hold whole numbers (int64): X_t @ W then fails for weights in float32.",
    zh="矩阵里是整数（int64）：权重是 float32 时，X_t @ W 会报错。",
    hint_en="F.one_hot gives int64. What dtype do the weights have?",
    hint_zh="F.one_hot 返回 int64。权重是什么 dtype？",
)
def steps_in_int64(X, n_class):
    return F.one_hot(X.long().T, n_class)


@wrong(
    "sequence_data.to_onehot",
    en="The width follows the largest index in X instead of n_class.",
    zh="列数取决于 X 中的最大值，而不是 n_class。",
    hint_en="Each matrix must fit the same weights: where does n_class enter?",
    hint_zh="每个矩阵都要与同样的权重相乘：n_class 用在哪里了？",
)
def width_from_data(X, n_class):
    return [one_hot(column, int(X.max()) + 1) for column in X.T]


@wrong(
    "sequence_data.to_onehot",
    en="All T matrices are those of the first time step.",
    zh="T 个矩阵全是第一个时间步的。",
    hint_en="Does the loop's variable occur in the index?",
    hint_zh="下标里用到循环变量了吗？",
)
def first_step_repeated(X, n_class):
    return [one_hot(X[:, 0], n_class) for _ in range(X.shape[1])]
