"""The steps of the guard: each takes the context of one request and adds what it finds out."""
