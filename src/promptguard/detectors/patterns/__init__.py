"""The pattern tier: all recognizers at the speed of one pass over a text."""
