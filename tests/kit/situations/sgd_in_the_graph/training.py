def sgd(params, lr, batch_size=1):
    for param in params:
        if param.grad is not None:
            param -= lr * param.grad / batch_size
