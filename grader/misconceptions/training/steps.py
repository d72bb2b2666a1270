"""Mistakes in sgd and detach_state."""

import torch

from grader.misconceptions import wrong


@wrong(
    "training.sgd",
    en="The step goes up the gradient: + instead of -.",
    zh="沿梯度上升了：应当用减号，却用了加号。",
    hint_en="The gradient points to where the loss grows.",
    hint_zh="梯度指向损失增大的方向。",
)
def ascends(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param += lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The gradient is not divided by batch_size.",
    zh="梯度没有除以 batch_size。",
    hint_en="Where does the third argument enter the step?",
    hint_zh="第三个参数用在哪里了？",
)
def batch_size_ignored(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad


@wrong(
    "training.sgd",
    en="The gradient is divided by batch_size twice.",
    zh="梯度除以了两次 batch_size。",
    hint_en="Follow batch_size through your lines: how often does it divide?",
    hint_zh="顺着代码看 batch_size：它一共做了几次除数？",
)
def divided_twice(params, lr, batch_size=1):
    lr = lr / batch_size
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The gradient is multiplied by batch_size; it should be divided.",
    zh="梯度乘以了 batch_size，应当是除以。",
    hint_en="The gradient of a sum over n samples becomes that of their mean: how?",
    hint_zh="怎样把 n 个样本之和的梯度变成平均值的梯度？",
)
def multiplied_by_batch_size(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad * batch_size


@wrong(
    "training.sgd",
    en="The gradients are set to zero before the step, so nothing moves.",
    zh="在更新之前就把梯度清零了，参数一动不动。",
    hint_en="In which order must backward, zeroing and the step come?",
    hint_zh="反向传播、清零、更新，这三步应按什么次序？",
)
def zeroed_before_the_step(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param.grad.zero_()
            param -= lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The gradient is changed, not the parameter.",
    zh="改的是梯度，而不是参数。",
    hint_en="What stands on the left of -= ?",
    hint_zh="-= 的左边应当是谁？",
)
def gradient_changed(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param.grad -= lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The loop's name gets a new tensor; the parameter itself never changes.",
    zh="循环变量指向了新的张量，参数本身没有变。",
    hint_en="p = p - ... makes a new tensor. Change the old one in place, under torch.no_grad() or "
    "through .data.",
    hint_zh="p = p - ... 会新建张量。请原地修改：写在 torch.no_grad() 之下，或者通过 .data。",
)
def name_rebound(params, lr, batch_size=1):
    for param in params:
        param = param - lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The new parameters are returned as a list; the old ones stay as they were.",
    zh="把新参数作为列表返回了，原来的参数没有变。",
    hint_en="Nobody reads what sgd returns: change the parameters in place.",
    hint_zh="没有人读取 sgd 的返回值：要原地修改参数。",
)
def new_list_returned(params, lr, batch_size=1):
    return [(param - lr * param.grad / batch_size).detach() for param in params]


@wrong(
    "training.sgd",
    en="The step is part of the graph: torch refuses to change a leaf there in place.",
    zh="更新被记入了计算图，而 torch 不允许在图中原地修改叶子。",
    hint_en="Change it in place, under torch.no_grad() or through .data.",
    hint_zh="请原地修改：写在 torch.no_grad() 之下，或者通过 .data。",
)
def recorded_in_the_graph(params, lr, batch_size=1):
    for param in params:
        param -= lr * param.grad / batch_size


@wrong(
    "training.sgd",
    en="The parameters shrink as well: weight decay has slipped in.",
    zh="参数还额外缩小了：混入了权重衰减。",
    hint_en="A parameter whose gradient is 0 must stay where it is.",
    hint_zh="梯度为 0 的参数应当保持不动。",
)
def weights_decayed(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * (param.grad / batch_size + 0.01 * param)


@wrong(
    "training.sgd",
    en="Only the sign of the gradient is used, so all entries move equally far.",
    zh="只用了梯度的符号，所有元素移动的距离都一样。",
    hint_en="A steeper slope should make a longer step.",
    hint_zh="坡越陡，步子应当越大。",
)
def sign_only(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad.sign() / batch_size


@wrong(
    "training.sgd",
    en="Only the first parameter moves: return stands inside the loop.",
    zh="只更新了第一个参数：return 写在了循环里面。",
    hint_en="How far is the last line indented?",
    hint_zh="最后一行缩进了几层？",
)
def first_parameter_only(params, lr, batch_size=1):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            return


@wrong(
    "training.sgd",
    en="Steps of earlier calls are remembered and added again, as with momentum.",
    zh="记住了以前各次的更新并再次加上，成了动量法。",
    hint_en="Plain SGD looks only at the gradient of now: keep nothing between calls.",
    hint_zh="普通的 SGD 只看当前的梯度：两次调用之间不要保留任何东西。",
)
def earlier_steps_remembered(params, lr, batch_size=1, velocity={}):
    with torch.no_grad():
        for index, param in enumerate(params):
            key = index, param.shape
            velocity[key] = 0.9 * velocity.get(key, 0.0) + param.grad
            param -= lr * velocity[key] / batch_size


@wrong(
    "training.detach_state",
    en="Only the first matrix is detached; an LSTM's memory stays in the graph.",
    zh="只切断了第一个矩阵，LSTM 的记忆细胞还留在计算图中。",
    hint_en="A state may hold more than one matrix. Which ones are still in the graph?",
    hint_zh="状态可能不止一个矩阵。哪些还留在计算图中？",
)
def first_matrix_only(state):
    return (state[0].detach(), *state[1:])


@wrong(
    "training.detach_state",
    en="The state is still part of the graph: it is not detached, or only cloned, or what detach() "
    "returns is not kept.",
    zh="状态仍在计算图中：没有 detach，或者只是 clone 了一份，或者没有用上 detach() 返回的新张量。",
    hint_en="h.detach() leaves h as it is, and a clone stays in the graph. What is in your result?",
    hint_zh="h.detach() 不会改变 h，clone 得到的副本仍在计算图中。你的结果里是哪些张量？",
)
def returned_as_it_was(state):
    return tuple(state)


@wrong(
    "training.detach_state",
    en="The state is still part of the graph: it is not detached, or only cloned, or what detach() "
    "returns is not kept.",
    zh="状态仍在计算图中：没有 detach，或者只是 clone 了一份，或者没有用上 detach() 返回的新张量。",
    hint_en="h.detach() leaves h as it is, and a clone stays in the graph. What is in your result?",
    hint_zh="h.detach() 不会改变 h，clone 得到的副本仍在计算图中。你的结果里是哪些张量？",
)
def cloned(state):
    return tuple(matrix.clone() for matrix in state)


@wrong(
    "training.detach_state",
    en="The state is still part of the graph: it is not detached, or only cloned, or what detach() "
    "returns is not kept.",
    zh="状态仍在计算图中：没有 detach，或者只是 clone 了一份，或者没有用上 detach() 返回的新张量。",
    hint_en="h.detach() leaves h as it is, and a clone stays in the graph. What is in your result?",
    hint_zh="h.detach() 不会改变 h，clone 得到的副本仍在计算图中。你的结果里是哪些张量？",
)
def result_unused(state):
    for matrix in state:
        matrix.detach()
    return tuple(state)


@wrong(
    "training.detach_state",
    en="The result is a bare tensor; a state is a tuple, even if it holds one matrix.",
    zh="结果是单个张量；而状态即使只有一个矩阵，也应是元组。",
    hint_en="(H,) and H are two things. What does `H, = state` need?",
    hint_zh="(H,) 与 H 不是一回事。`H, = state` 需要哪一个？",
)
def bare_tensor(state):
    return state[0].detach()


@wrong(
    "training.detach_state",
    en="The values are lost: the result is a new state of zeros.",
    zh="数值丢掉了：返回的是全零的新状态。",
    hint_en="The next batch goes on with these values; only the graph is cut.",
    hint_zh="下一批量要接着用这些数值，切断的只是计算图。",
)
def zeros_instead(state):
    return tuple(torch.zeros_like(matrix) for matrix in state)


@wrong(
    "training.detach_state",
    en="detach_ cuts the caller's own tensors: the argument is changed in place.",
    zh="detach_ 切断的是调用者手里的张量：参数被原地修改了。",
    hint_en="The method without the underscore returns a new tensor and leaves the old one alone.",
    hint_zh="不带下划线的方法返回新张量，不动原来的。",
)
def argument_detached(state):
    return tuple(matrix.detach_() for matrix in state)


@wrong(
    "training.detach_state",
    en="The result is a generator: it can be read once only, and has no length.",
    zh="结果是生成器：只能读一遍，也没有长度。",
    hint_en="Round brackets around `... for ...` don't make a tuple by themselves.",
    hint_zh="给 `... for ...` 加上圆括号，得到的并不是元组。",
)
def generator_returned(state):
    return (matrix.detach() for matrix in state)


@wrong(
    "training.detach_state",
    en="The matrices come back in reverse order.",
    zh="矩阵的次序反了。",
    hint_en="The state was (H, C), and should still be.",
    hint_zh="状态原来是 (H, C)，之后也应如此。",
)
def order_reversed(state):
    return tuple(matrix.detach() for matrix in reversed(state))


@wrong(
    "training.detach_state",
    en="Only the first matrix comes back; the others are dropped.",
    zh="只返回了第一个矩阵，其余的丢掉了。",
    hint_en="How many matrices are in the state of an LSTM?",
    hint_zh="LSTM 的状态里有几个矩阵？",
)
def others_dropped(state):
    return (state[0].detach(),)


@wrong(
    "training.detach_state",
    en="The values go through Python numbers and come back as float32, whatever they were.",
    zh="数值经过 Python 的数再转回来，无论原来是什么类型都成了 float32。",
    hint_en="Cutting the graph needs no copy: which method of a tensor does it?",
    hint_zh="切断计算图不需要复制数值：张量的哪个方法能做到？",
)
def through_python_numbers(state):
    return tuple(torch.tensor(matrix.tolist()) for matrix in state)
