"""Which submissions are alike once names and formatting are gone: a hint for a person."""
