"""What bytes mean, in both directions, and no I/O: encodings, framings, documents, formats."""
