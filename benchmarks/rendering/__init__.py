"""Whether what is put back into answers could reach anybody: held against renderers that clients use."""
