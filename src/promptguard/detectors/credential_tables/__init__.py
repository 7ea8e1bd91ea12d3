"""Columns and cookie files that hold secrets."""
