"""Written by `tools/names/export.py`, with the weights."""

SHA256 = "7a3f045fee2cec4e0017a353eeeff2391168864935e3fb0642d20fb1eec7fc51"
