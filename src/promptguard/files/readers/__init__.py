"""What takes text out of files: one module a family of kinds, each with `read(source, out)`.

A reader adds every text of the file to `out`, hands files within the file to it, and raises `CannotRead` where it
cannot read all. Any other exception means that the file is damaged. It may take as long and as much as it likes: the
worker that it runs in is bounded.
"""
