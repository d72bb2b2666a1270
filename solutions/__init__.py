"""The reference solutions: one module an exercise, and the only source of the stubs."""
