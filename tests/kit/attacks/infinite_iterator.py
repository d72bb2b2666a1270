# attacks: sequence_data.data_iter_random
# does: yields batches without end
# gets: failed
import itertools
def data_iter_random(corpus_indices, batch_size, num_steps, device=None):
    return ((torch.zeros(batch_size, num_steps),) * 2 for _ in itertools.count())
