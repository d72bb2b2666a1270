"""Which submissions' code is alike once names and formatting are taken away: a hint for a person."""
