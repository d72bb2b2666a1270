"""One report model, many writers."""
