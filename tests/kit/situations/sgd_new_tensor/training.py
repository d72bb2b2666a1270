def sgd(params, lr, batch_size=1):
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad / batch_size
