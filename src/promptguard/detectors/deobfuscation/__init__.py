"""What a text says besides what it shows: encodings undone, obfuscations taken off, pieces put together.

`views.views` gives the other readings of a text, each with a map back to it. Detectors look at them as at any text.
"""
