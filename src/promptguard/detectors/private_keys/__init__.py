"""Private keys in text form."""
