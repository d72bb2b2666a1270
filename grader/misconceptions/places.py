"""Where a helper's work is done in a function that does it itself, in words.

A person who wrote one loop has no ``reset_gate``, but knows a reset gate. A helper without words
of its own is called by its name.
"""

PLACES = {
    "reset_gate": ("In the reset gate", "重置门处"),
    "update_gate": ("In the update gate", "更新门处"),
    "candidate_state": ("In the candidate state", "候选状态处"),
    "gru.next_state": ("Where the new state is mixed", "合成新状态处"),
    "input_gate": ("In the input gate", "输入门处"),
    "forget_gate": ("In the forget gate", "遗忘门处"),
    "output_gate": ("In the output gate", "输出门处"),
    "candidate_memory": ("In the candidate memory", "候选记忆处"),
    "next_memory": ("In the new memory", "更新记忆处"),
    "lstm.next_state": ("In the new hidden state", "计算新的隐藏状态处"),
    "rnn_step": ("In the step of the RNN", "RNN 的单步计算处"),
    "normal_param": ("Where a weight is drawn", "随机初始化权重处"),
    "zero_param": ("Where a bias is made", "创建偏置处"),
    "gate_params": ("Where a gate's parameters are made", "创建一个门的参数处"),
    "output_params": ("Where the output layer's parameters are made", "创建输出层参数处"),
    "one_hot": ("Where characters become one-hot vectors", "把字符变成独热向量处"),
    "to_onehot": ("Where characters become one-hot vectors", "把字符变成独热向量处"),
    "data_iter_random": ("In the random sampling", "随机采样处"),
    "data_iter_consecutive": ("In the consecutive sampling", "相邻采样处"),
    "sequence_loss": ("In the loss", "计算损失处"),
    "perplexity": ("In the perplexity", "计算困惑度处"),
    "grad_clipping": ("In the gradient clipping", "梯度裁剪处"),
    "sgd": ("In the parameter step", "更新参数处"),
    "detach_state": ("Where the state is detached", "分离状态处"),
    "predict_rnn": ("In the continuation of the text", "续写文本处"),
    "train_epoch": ("Within an epoch", "训练一个周期时"),
}


def where(exercise: str, function: str) -> dict[str, str]:
    """The place in both languages, to stand before a colon."""
    words = PLACES.get(f"{exercise}.{function}") or PLACES.get(function)
    english, chinese = words or (f"In what {function} does", f"在 {function} 所做的那一步")
    return {"en": english, "zh": chinese}
