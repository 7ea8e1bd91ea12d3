"""The values of a text after one form of their labels, as one more reading of it: `passport number: C01X00T47`.

A recognizer that needs the word before a value knows a few ways of setting the two side by side, in a few languages.
This reading knows the others for all of them: the value on the next line, in the next cell or element, after a hint or
a row of dots; keys in `camelCase` and `snake_case`; forms; other languages. Nothing in it is obfuscated.
"""

from __future__ import annotations

from collections import defaultdict

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.view import View, ViewWriter
from promptguard.detectors.labels.lexicon import occurrences
from promptguard.detectors.labels.pairs import Pair, pairs

KIND = "label"

_GROUP_END = "\n- - -\nend of the label here now\n"
"""Between labels: more words than a context word reaches over."""


def read_labels(text: str, parent: View | None = None) -> View | None:
    """The labelled values in `text`, label by label; None where there are none.

    Args:
        text: that of `parent` where there is one.
        parent: the view that `text` is.
    """
    found = occurrences(text)
    by_label: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs(text, found):
        by_label[pair.label].append(pair)
    if not by_label:
        return None
    writer = ViewWriter(text, Confidence.LABELLED, parent)
    for label, group in by_label.items():
        for pair in group:
            writer.write(f"{label}: ", pair.start, pair.start, "")
            writer.write(text[pair.start : pair.end], pair.start, pair.end, KIND)
            writer.write("\n", pair.end, pair.end, None)
        writer.write(_GROUP_END, 0, 0, None)
    return writer.view()
