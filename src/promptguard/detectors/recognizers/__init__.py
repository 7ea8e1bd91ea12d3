"""Recognizers and allow lists: how they are read from YAML, tuned, and held to their own examples."""
