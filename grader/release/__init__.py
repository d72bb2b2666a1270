"""Editions of the kit: what students get, what the course keeps, and the answers recorded."""
