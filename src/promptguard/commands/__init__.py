"""The command line's groups, one module each; `promptguard.cli` puts them together."""
