"""Mistakes in deep's get_params: which parameters there are, how wide, and in which order."""

import functools

from torch import nn

from grader.misconceptions import wrong
from solutions.deep import gate_params, output_params

shapes = functools.partial(wrong, "get_params")


@shapes(
    en="All layers take d inputs, as if each read the text itself.",
    zh="每一层的输入宽度都是 d，好像各层都直接读输入。",
    hint_en="What does the second layer read, and how wide is it?",
    hint_zh="第二层读的是什么？它有多宽？",
)
def all_layers_read_inputs(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for _ in range(num_layers):
        params += [p for _ in "zrh" for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="All layers take h inputs, the first one too, which reads d.",
    zh="每一层的输入宽度都是 h，可第一层读的输入宽度是 d。",
    hint_en="One layer has no layer below it. What does it read?",
    hint_zh="有一层下面没有别的层。它读的是什么？",
)
def all_layers_read_states(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for _ in range(num_layers):
        params += [p for _ in "zrh" for p in gate_params(num_hiddens, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="One layer's parameters are made once and repeated, so all layers are the same tensors.",
    zh="只造了一层的参数再重复 L 遍，各层用的是同样的张量。",
    hint_en="What does [p] * 3 hold: three tensors, or one tensor three times?",
    hint_zh="[p] * 3 里是三个张量，还是同一个张量出现三次？",
)
def one_layer_repeated(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    layer = [p for _ in "zrh" for p in gate_params(num_inputs, num_hiddens, device)]
    output = output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList([*layer * num_layers, *output])


@shapes(
    en="W_hq has L·h rows, as if the output read the states of all layers.",
    zh="W_hq 有 L·h 行，好像输出层要读所有层的状态。",
    hint_en="From which layer are the outputs made?",
    hint_zh="输出是由哪一层的状态算出的？",
)
def wide_output(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    output = output_params(num_layers * num_hiddens, num_outputs, device)
    return nn.ParameterList([*params, *output])


@shapes(
    en="The layers stand from top to bottom; they belong from bottom to top.",
    zh="各层的参数从上往下排，应当从下往上排。",
    hint_en="Print the shapes. Which layer's parameters come first?",
    hint_zh="打印各参数的形状。排在最前面的是哪一层？",
)
def layers_from_top(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [*[num_hiddens] * (num_layers - 1), num_inputs]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="The parameters are sorted by gate, not by layer: z of all layers, then r, then h.",
    zh="参数按门排列，没有按层排列：先是各层的 z，再是 r，再是 h。",
    hint_en="Which of the two loops, over layers and over gates, is the outer one?",
    hint_zh="对层的循环和对门的循环，哪个在外面？",
)
def sorted_by_gate(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for _ in "zrh":
        for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
            params += gate_params(width, num_hiddens, device)
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="The output layer's parameters stand first; they belong at the end.",
    zh="输出层的参数放在了最前面，应放在最后。",
    hint_en="Bottom comes first. Where is the output layer in the picture?",
    hint_zh="顺序是从下往上。输出层画在图上的什么位置？",
)
def output_first(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = [*output_params(num_hiddens, num_outputs, device)]
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    return nn.ParameterList(params)


@shapes(
    en="Every layer gets an output layer of its own; there is one, at the top.",
    zh="给每一层都配了输出层，其实只有最上面有一个。",
    hint_en="Count your tensors: how many does 9 L + 2 give?",
    hint_zh="数一数张量的个数，与 9 L + 2 相符吗？",
)
def output_in_every_layer(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
        params += output_params(num_hiddens, num_outputs, device)
    return nn.ParameterList(params)


@shapes(
    en="The biases are missing: there are only weights.",
    zh="缺少偏置，只有权重。",
    hint_en="Each gate has three parameters. Which are they?",
    hint_zh="每个门有三个参数，是哪三个？",
)
def biases_missing(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)[:2]]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)[:1]])


@shapes(
    en="There is one layer only: the argument num_layers is not used.",
    zh="只有一层的参数，没有用到 num_layers。",
    hint_en="Call it with 1 and with 3 layers: does the length differ?",
    hint_zh="分别用 1 层和 3 层调用，返回的长度有区别吗？",
)
def one_layer_only(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = [p for _ in "zrh" for p in gate_params(num_inputs, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="There is one layer too many: num_layers was put on top of the first one.",
    zh="多了一层：在第一层之上又加了 num_layers 层。",
    hint_en="Does num_layers count the first layer, too? Try it with 1.",
    hint_zh="num_layers 是否包括第一层？用 1 试试。",
)
def one_layer_more(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * num_layers]:
        params += [p for _ in "zrh" for p in gate_params(width, num_hiddens, device)]
    return nn.ParameterList([*params, *output_params(num_hiddens, num_outputs, device)])


@shapes(
    en="The parameters lie in a list for each layer; one flat list is wanted.",
    zh="参数按层放进了嵌套的列表，应当是一个不分层的列表。",
    hint_en="What is the length of your list: L + 1, or 9 L + 2?",
    hint_zh="你的列表有多长：L + 1，还是 9 L + 2？",
)
def list_of_layers(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    params = []
    for width in [num_inputs, *[num_hiddens] * (num_layers - 1)]:
        params.append([p for _ in "zrh" for p in gate_params(width, num_hiddens, device)])
    return [*params, list(output_params(num_hiddens, num_outputs, device))]


@shapes(
    en="The parameters are those of torch's own layer: gates packed together, two biases.",
    zh="直接用了 PyTorch 自带层的参数：各门合在一起，还有两个偏置。",
    hint_en="Print the shapes and count the tensors. What do the equations name?",
    hint_zh="打印形状，数一数张量。公式里有哪些参数？",
)
def torch_layer(num_inputs, num_hiddens, num_outputs, num_layers, device=None):
    layer = nn.GRU(num_inputs, num_hiddens, num_layers, device=device)
    return nn.ParameterList([*layer.parameters(), *output_params(num_hiddens, num_outputs, device)])
