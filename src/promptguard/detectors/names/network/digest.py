"""Written by `tools/names/export.py`, with the weights."""

SHA256 = "d1fae5d685f1250a7e195db0df7559f0aaa862c5e12d073e814afbb411303c6c"
