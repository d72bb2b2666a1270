"""Findings of every kind, and the whole text that a student reads of each, in both languages.

Read it aloud when it changes: would it have helped?
"""

import torch

from grader.findings import Call, Difference, Finding, Place
from tests.kit import made

BIG = torch.arange(24.0, dtype=torch.float64).reshape(4, 6)
OTHER = BIG + (BIG == 15)
FRAMES = [
    Place("gru.py", 40, "gru", "Z = update_gate(X, H, W_xz, W_hz, b_z)"),
    Place("gru.py", 21, "update_gate", "return torch.sigmoid(X @ W_hz + H @ W_xz)"),
]
NO_MATCH = "mat1 and mat2 shapes cannot be multiplied (1x2 and 1x1)"
CASES = {
    "values": made.wrong_value(),
    "neighbourhood": Finding(
        "values",
        {"part": "outputs[1]"},
        call=Call("rnn", {"inputs": [BIG, BIG], "n": 2}),
        returned=made.returned(OTHER),
        expected=BIG,
        has_values=True,
        difference=Difference("outputs[1]", (2, 3), 16.0, 15.0, 1, 24, 1e-9),
    ),
    "bare_tensor": Finding(
        "bare_tensor",
        {"part": "", "count": 1},
        call=Call("init_gru_state", {"batch_size": 1, "num_hiddens": 2, "device": None}),
        returned=made.returned(torch.zeros(1, 2)),
        expected=(torch.zeros(1, 2, dtype=torch.float64),),
        has_values=True,
    ),
    "none": Finding(
        "not_a_tensor",
        {"part": "", "kind": "None"},
        call=made.gate_call(),
        expected=made.matrix([0.75]),
        has_values=True,
    ),
    "raised": Finding(
        "raised",
        {"type": "RuntimeError", "text": NO_MATCH},
        status="error",
        call=made.gate_call(),
        places=FRAMES,
    ),
    "timeout": Finding(
        "limit",
        {"cpu": "3", "idle": "5", "memory": 512, "threads": 64},
        status="timeout",
        call=made.gate_call(),
    ),
    "mutated": Finding("mutated", {"arguments": "H, W_hz"}, call=made.gate_call(), has_values=True),
    "blocked": Finding("blocked", {"functions": "reset_gate"}, status="blocked"),
    "stub": Finding("stub", {"function": "update_gate", "file": "gru.py"}, status="not_started"),
    "syntax": Finding(
        "load_raised",
        {"type": "SyntaxError", "text": "'(' was never closed", "file": "gru.py"},
        status="error",
        places=[Place("gru.py", 12, "", "return torch.sigmoid(X @ W_xz")],
    ),
    "statistic": Finding(
        "statistic_std",
        {"name": "W_xz", "returned": "0.1", "low": "0.0096", "high": "0.0104"},
        call=Call("get_params", {"num_inputs": 40, "num_hiddens": 50, "num_outputs": 30}),
        has_values=True,
    ),
    "fault": Finding("fault", {"type": "KeyError", "text": "'q'"}, status="fault"),
}
MESSAGES = {
    ("values", "en"): """\
  The result has the right shape, but not the right values.
  called    update_gate(X, H, W_xz, W_hz, b_z)   (the smallest failing input found)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  returned  [[0.25]]  f64[1,1]
  expected  [[0.75]]  f64[1,1]
  differs   at [0, 0]: 0.25 instead of 0.75   (allowed: 1e-09 · (1 + |expected|))
  hint      Compare term by term.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("values", "zh"): """\
  返回值形状正确，数值不对。
  调用  update_gate(X, H, W_xz, W_hz, b_z)   （这是找到的最小反例）
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  返回  [[0.25]]  f64[1,1]
  应为  [[0.75]]  f64[1,1]
  差异  [0, 0] 处得到 0.25，应为 0.75   （允许误差 1e-09 · (1 + |应为值|)）
  提示  请逐项对照。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("neighbourhood", "en"): """\
  outputs[1] has the right shape, but not the right values.
  called    rnn(inputs, n=2)
  input     inputs: [2 × f64[4,6]]
  returned  f64[4,6]  [2, 1:6] = [13.0, 14.0, 16.0, 16.0, 17.0]
  expected  f64[4,6]  [2, 1:6] = [13.0, 14.0, 15.0, 16.0, 17.0]
  differs   at outputs[1][2, 3]: 16.0 instead of 15.0
            (1 of 24 values differ; allowed: 1e-09 · (1 + |expected|))
  hint      Compare term by term.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("neighbourhood", "zh"): """\
  outputs[1] 形状正确，数值不对。
  调用  rnn(inputs, n=2)
  输入  inputs: [2 × f64[4,6]]
  返回  f64[4,6]  [2, 1:6] = [13.0, 14.0, 16.0, 16.0, 17.0]
  应为  f64[4,6]  [2, 1:6] = [13.0, 14.0, 15.0, 16.0, 17.0]
  差异  outputs[1][2, 3] 处得到 16.0，应为 15.0
        （共 24 个值，1 个不符；允许误差 1e-09 · (1 + |应为值|)）
  提示  请逐项对照。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("bare_tensor", "en"): """\
  The result is a bare tensor; a state is a tuple, here of 1.
  called    init_gru_state(batch_size=1, num_hiddens=2, device=None)
  returned  f32[1,2]
  expected  (f32[1,2],)
  hint      Return `(H,)`, comma included. A bare tensor goes unnoticed until `for s in
            state` or `H, = state` takes it apart row by row.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("bare_tensor", "zh"): """\
  返回值是单独一个张量；状态应是元组，这里含 1 个张量。
  调用  init_gru_state(batch_size=1, num_hiddens=2, device=None)
  返回  f32[1,2]
  应为  (f32[1,2],)
  提示  写成 `return (H,)`，逗号不能少。单独的张量一时看不出问题，可一旦遇到 `for s in
        state` 或 `H, = state`，就会被一行行拆开。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("none", "en"): """\
  The result is None, not a tensor.
  called    update_gate(X, H, W_xz, W_hz, b_z)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  returned  None
  expected  f64[1,1]
  hint      Does every way through the function end in `return`?
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("none", "zh"): """\
  返回值应是张量，得到的却是 None。
  调用  update_gate(X, H, W_xz, W_hz, b_z)
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  返回  None
  应为  f64[1,1]
  提示  函数的每条路径最后都有 `return` 吗？
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("raised", "en"): """\
  Your code raised RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x2 and 1x1)
  called    update_gate(X, H, W_xz, W_hz, b_z)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  at        my/answers/gru.py:40  in gru:  Z = update_gate(X, H, W_xz, W_hz, b_z)
            my/answers/gru.py:21  in update_gate:
            return torch.sigmoid(X @ W_hz + H @ W_xz)
  hint      Write the shapes beside both factors: (n, d) @ (d, h). Are two swapped, or is
            one transposed?
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("raised", "zh"): """\
  代码抛出 RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x2 and 1x1)
  调用  update_gate(X, H, W_xz, W_hz, b_z)
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  位置  my/answers/gru.py:40  gru：  Z = update_gate(X, H, W_xz, W_hz, b_z)
        my/answers/gru.py:21  update_gate：  return torch.sigmoid(X @ W_hz + H @ W_xz)
  提示  在两个因子旁写下形状：(n, d) @ (d, h)。是次序反了，还是多了或少了转置？
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("timeout", "en"): """\
  The call did not end within what it may use: 3 s of processor time, 5 s of waiting, 512
  MiB of memory, 64 threads.
  called    update_gate(X, H, W_xz, W_hz, b_z)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  hint      Is there a loop that never ends, a list that grows for ever, or a wait? A
            correct answer takes milliseconds here.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("timeout", "zh"): """\
  这次调用没有在允许的用量之内结束：处理器时间 3 秒、等待 5 秒、内存 512 MiB、线程 64 个。
  调用  update_gate(X, H, W_xz, W_hz, b_z)
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  提示  有没有停不下来的循环、越来越长的列表，或者在等待什么？正确的解答在这里只需几毫秒。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("mutated", "en"): """\
  The call changed its own arguments: H, W_hz.
  called    update_gate(X, H, W_xz, W_hz, b_z)
  input     X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  hint      Look for +=, *=, methods ending in _ and assignments to slices. `a = a + b`
            makes a new tensor, `a += b` changes the old one.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("mutated", "zh"): """\
  调用之后，传入的参数被改动了：H, W_hz。
  调用  update_gate(X, H, W_xz, W_hz, b_z)
  输入  X = [[1.5]]   H = [[-0.25]]   W_xz = [[0.5]]   W_hz = [[2.0]]   b_z = [0.125]
  提示  找一找 +=、*=、以下划线结尾的方法，以及对切片的赋值。`a = a + b` 得到新张量，`a +=
        b` 改动原张量。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("blocked", "en"): """\
  Waits for reset_gate: mend that first.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("blocked", "zh"): """\
  先要改好 reset_gate，才能检查这里。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("stub", "en"): """\
  update_gate still raises NotImplementedError.
""",
    ("stub", "zh"): """\
  update_gate 仍在抛出 NotImplementedError。
""",
    ("syntax", "en"): """\
  gru.py can't be imported: SyntaxError: '(' was never closed
  at        my/answers/gru.py:12  return torch.sigmoid(X @ W_xz
  hint      Until the file can be imported none of its functions can be judged.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("syntax", "zh"): """\
  gru.py 无法导入：SyntaxError: '(' was never closed
  位置  my/answers/gru.py:12  return torch.sigmoid(X @ W_xz
  提示  文件能导入之后，才能检查其中的函数。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("statistic", "en"): """\
  The standard deviation of W_xz is 0.1; a sample of N(0, 0.01²) has 0.0096 to 0.0104.
  called    get_params(num_inputs=40, num_hiddens=50, num_outputs=30)
  hint      Compare term by term.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("statistic", "zh"): """\
  W_xz 的标准差是 0.1；取自 N(0, 0.01²) 的样本应在 0.0096 到 0.0104 之间。
  调用  get_params(num_inputs=40, num_hiddens=50, num_outputs=30)
  提示  请逐项对照。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
    ("fault", "en"): """\
  The grader itself failed here (KeyError: 'q'). This is not your code's doing.
  again     make grade EX=gru SUBMISSION=my/answers   your code: my/answers/gru.py
""",
    ("fault", "zh"): """\
  评分器自己在这里出了故障（KeyError: 'q'），与你的代码无关。
  再试  make grade EX=gru SUBMISSION=my/answers   你的代码在 my/answers/gru.py
""",
}
