"""Registered documents and source code, recognised by winnowed fingerprints without holding their text."""
