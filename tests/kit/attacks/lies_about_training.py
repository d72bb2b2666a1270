# attacks: training.train_epoch
# does: trains nothing and reports a perplexity of 1
# gets: failed
def train_epoch(*arguments):
    return 1.0
