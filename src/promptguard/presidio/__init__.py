"""Presidio as we use it, without the engines that run it over whole texts with a language model.

Presidio imports spaCy for its own engines, which takes 47 MB in the proxy and most of a second, and its anonymizer
imports all of that for one operator. Here they are imported when somebody asks for them; names configured with a
spaCy package are looked for in processes of their own. All of our code takes Presidio from this room. A company's
recognizers import it by its own name, and find the same classes.
"""

from __future__ import annotations

from promptguard.deferral import import_deferring

import_deferring(
    "presidio_analyzer",
    "presidio_analyzer.nlp_engine",
    "presidio_analyzer.nlp_engine.nlp_artifacts",
    "presidio_analyzer.predefined_recognizers",
)
