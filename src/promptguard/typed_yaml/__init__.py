"""YAML read into typed values, with mistakes told by file and line."""
