"""What writes files again with other texts in them, one module a form of file.

A writer is a function `write(source, replacements)` that returns the bytes of the file. It changes the texts that it
can tell and nothing else; whether that was enough is found by reading its result (`rewriting`).
"""
