"""Written by `tools/names/export.py`, with the weights."""

SHA256 = "bdf7997764da5f34235fc202f5d30042779358c8678c2e949aceab43830a2d03"
