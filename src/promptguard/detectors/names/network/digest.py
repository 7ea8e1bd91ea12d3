"""Written by `tools/names/export.py`, with the weights."""

SHA256 = "becda4d90e5f75902f751cac62bf7ebbef30e2e70439c197cf6d729a647a640c"
