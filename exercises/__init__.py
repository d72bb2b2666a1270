"""The exercises: one file each, for you to fill in. README.md says in which order."""
