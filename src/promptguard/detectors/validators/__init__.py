"""Checks of what recognizers' regexes matched: one file a family, found by `registry.load_validators`."""
