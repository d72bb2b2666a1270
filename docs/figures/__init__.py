"""The figures of the documentation, drawn by `python -m docs.figures`."""
