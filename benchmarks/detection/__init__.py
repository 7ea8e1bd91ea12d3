"""What the detectors find and what they raise in vain, beside stock Presidio on the same texts in the same run.

The corpus is written by hand and filled from seeded generators, without a look at the detectors: it is here to measure
them, and never to be matched by them.
"""
