"""``watch``: grade what was just saved, and show the first thing that is wrong."""
