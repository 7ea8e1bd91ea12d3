"""Trains the names model: `make train-names`. See docs/names.md."""
