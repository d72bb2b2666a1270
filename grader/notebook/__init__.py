"""Notebooks: read as submissions, written as exercises, and graded from within."""
