"""Findings of which a message shows less than the whole result, by the ids of their sentences."""

# about the form: numbers would only distract
TAGS_ONLY = frozenset(
    [
        "not_a_tensor",
        "shape",
        "sequence_shape",
        "bare_tensor",
        "not_a_sequence",
        "not_a_tuple",
        "length",
        "dtype",
        "unreadable",
    ]
)
# told whole by the sentence
NO_RESULT = frozenset(
    [
        "no_gradients",
        "gradient_missing",
        "mutated",
        "cost_memory",
        "device",
        "device_raised",
        "device_argument",
        "parameter_count",
        "parameter_shape",
        "not_trainable",
        "not_a_leaf",
        "not_zero",
        "weights_zero",
        "statistic_std",
        "statistic_mean",
        "statistic_kurtosis",
        "repeated_values",
        "alike_columns",
        "alike_rows",
        "same_values",
        "shared_storage",
        "not_fresh",
        "shared_between_calls",
        "not_detached",
        "clip_rebound",
        "not_a_module",
        "layer_unregistered",
        "no_dense_layer",
        "layer_parameters",
        "deep_stuck",
        "deep_downward",
        "deep_not_upward",
        "forward_sees_the_future",
        "backward_sees_the_past",
        "forward_misses",
        "backward_misses",
        "gradients_vanish",
    ]
)
