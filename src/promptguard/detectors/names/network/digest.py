"""Written by `tools/names/export.py`, with the weights."""

SHA256 = "40facbc74ef974ef8d92d6f3256548aaa12a84e5de373fe2f7105b4cdaec4b23"
