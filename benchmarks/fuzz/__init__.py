"""Hostile input for what meets it: texts, request bodies, files. No crash, no hang, nothing slower than linear."""
