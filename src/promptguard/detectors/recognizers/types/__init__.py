"""Our own Presidio recognizers, for what a regex with a validator cannot say. YAML names them by class name.

Every class below `EntityRecognizer` that a module of this folder defines is one.
"""
