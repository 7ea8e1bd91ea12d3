"""Answers made to carry a value to a third party, in all forms of Markdown and HTML, and ordinary answers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.rendering.forms import form, lines, soup
from benchmarks.rendering.nested import nested
from benchmarks.rendering.ordinary import ORDINARY
from benchmarks.rendering.values import PLAIN, VALUES, Value, X


def values(chance: random.Random, answer: Answer) -> Sequence[Value]:
    """What stands in an answer."""
    chosen = PLAIN if answer.ordinary else VALUES
    return [chance.choice(chosen) for _ in range(answer.text.count(X))]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with `X` in place of placeholders."""

    text: str
    ordinary: bool = False


def attack(chance: random.Random) -> Answer:
    """An answer of which a client may make links, images or requests."""
    text = chance.choices((form, soup, lines, nested), (35, 20, 20, 25))[0](chance)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        text = _wrapped(chance, text)
    return Answer(text)


def ordinary(chance: random.Random) -> Answer:
    """An answer of which nobody makes anything but text."""
    texts = chance.sample(ORDINARY, chance.choice((1, 1, 2, 3)))
    if any(text.startswith(("{", "<")) for text in texts):
        texts = texts[:1]  # as a whole, JSON or HTML
    text = "\n\n".join(texts)
    if len(texts) == 1 and text[0] not in "<{" and "\r" not in text and chance.random() < 0.4:
        text = (_quoted if text[0] in "-*+0123456789>:" else chance.choice((_quoted, _listed)))(text)
    return Answer(text, ordinary=True)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _listed(text: str) -> str:
    return "- " + text.replace("\n", "\n  ")


def _wrapped(chance: random.Random, text: str) -> str:
    match chance.randrange(8):
        case 0:
            return _quoted(text)
        case 1:
            return _listed(text)
        case 2:
            return "1. a\n2. " + text.replace("\n", "\n   ")
        case 3:
            return f"| a | b |\n|---|---|\n| {text.replace(chr(10), ' ')} | c |\n\n{X}"
        case 4:
            return json.dumps({"a": "b", "text": text}, ensure_ascii=False).replace("\\u0000", X)
        case 5:
            return f"```\n{text}\n```\n{X}"
        case 6:
            return f"<div>\n{text}\n</div>\n\n{X}"
        case _:
            return f"Well:\n\n{text}\n\nAnd {X}."


_ENDS = re.compile(r"[A-Z2-9]{8}\]?\S*\Z")
"""A placeholder in the last word."""


def pieces(chance: random.Random, text: str, most: int) -> Sequence[str]:
    """A text, cut anywhere."""
    return _cut(text, [chance.randrange(len(text) + 1) for _ in range(chance.randrange(most))])


def parts(chance: random.Random, text: str, most: int) -> Sequence[str]:
    """A text, cut anywhere but in a word with a placeholder: what has gone out at the end of a part stays."""
    cuts = [chance.randrange(len(text) + 1) for _ in range(chance.randrange(most))]
    return _cut(text, [cut for cut in cuts if not _ENDS.search(text[:cut])])


def _cut(text: str, cuts: list[int]) -> Sequence[str]:
    return [text[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(text)], strict=True)]
