"""Templates: texts with slots that are filled with generated values, and with marks around values written by hand.

    === en-ticket-1 | en-US | ticket
    [[name:a]] ([[email:a]]) moved to [[LOCATION|Lower Whitmore]] in May.

A slot in small letters names a kind of value (see `values`); slots with the same key after the colon speak of the same
person. A mark in capitals is the label of the words behind the bar; the label `PUBLIC_PERSON` or `PUBLIC_PLACE` says
that the words name somebody or something everybody knows, which is nothing to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detection.sample import Gold, Sample, is_held_out
from benchmarks.detection.values import Values

_MARK = re.compile(r"\[\[(?:(?P<label>[A-Z_]+)\|(?P<words>[^\[\]]+)|(?P<slot>[a-z0-9_.]+)(?::(?P<key>\w+))?)\]\]")
_HEADER = re.compile(
    r"^=== *(?P<id>[\w-]+) *\| *(?P<locale>[a-z]{2}-[A-Z]{2}) *\| *(?P<group>[\w -]+?) *$", re.MULTILINE
)
_PUBLIC = "PUBLIC_"


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots."""

    id: str
    locale: str
    group: str
    body: str

    def fill(self, copy: int) -> Sample:
        """The text with values; the same `copy` has the same ones."""
        values = Values(f"{self.id}/{copy}", self.locale)
        return fill(self.body, values, id=f"{self.id}/{copy}", group=self.group, held_out=is_held_out(self.id))

    @property
    def has_slots(self) -> bool:
        """Whether two copies differ."""
        return any(mark["slot"] for mark in _MARK.finditer(self.body))


def fill(body: str, values: Values, *, id: str, group: str, held_out: bool = False) -> Sample:
    """Replace the marks of a template.

    Raises:
        KeyError: a slot names no kind of value.
    """
    pieces: list[str] = []
    gold: list[Gold] = []
    public: list[Gold] = []
    length = position = 0
    for mark in _MARK.finditer(body):
        before = body[position : mark.start()]
        if mark["label"]:
            label, words = mark["label"], mark["words"]
        else:
            label, words = values.make(mark["slot"], mark["key"] or "")
        pieces += [before, words]
        start = length + len(before)
        length = start + len(words)
        position = mark.end()
        if label.startswith(_PUBLIC):
            public.append(Gold(start, length, label.removeprefix(_PUBLIC)))
        elif label:
            gold.append(Gold(start, length, label))
    pieces.append(body[position:])
    return Sample(
        id, "".join(pieces), tuple(gold), tuple(public), language=values.language, group=group, held_out=held_out
    )


def read_templates(path: Path) -> Iterator[Template]:
    """The templates of a file.

    Raises:
        ValueError: the file does not start with a header, or an id is there twice.
    """
    text = path.read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    if not headers or text[: headers[0].start()].strip():
        raise ValueError(f"{path}: a template starts with a line “=== id | locale | group”")
    seen: set[str] = set()
    for header, after in zip(headers, [*headers[1:], None], strict=True):
        body = text[header.end() : after.start() if after else len(text)].strip("\n")
        if header["id"] in seen or not body:
            raise ValueError(f"{path}: template {header['id']} is empty, or there twice")
        seen.add(header["id"])
        yield Template(header["id"], header["locale"], header["group"], body)
