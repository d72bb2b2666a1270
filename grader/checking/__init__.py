"""Checking a submission: cases, comparisons, the pytest engine, and the scores that follow."""
