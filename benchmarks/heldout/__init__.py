"""Persons in real public texts that nobody trained or tuned a detector on, labelled by hand (README.md says how)."""
