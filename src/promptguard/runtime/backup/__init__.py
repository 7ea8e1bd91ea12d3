"""Backups of an installation: one file of what it recorded and is configured with, and one of its keys."""
