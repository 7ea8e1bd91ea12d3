"""The prefilters of all obfuscations: what costs every text its time, and says of most that nothing is hidden in them.

A prefilter is matched by Hyperscan over one of three forms of the text, each with one byte for each character: the text
itself in ASCII, the shapes of its characters, and their Unicode classes. Expressions that are nearly literals in their
form cost next to nothing in any number; that is what the forms are for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import hyperscan

from promptguard.detectors.deobfuscation.character_classes import unicode_classes
from promptguard.detectors.deobfuscation.interface import MIN_RUN_LENGTH, Form, Obfuscation, Prefilter

_RUN = f"[A-Za-z0-9+/_-]{{{MIN_RUN_LENGTH}}}"
_RUN_IDENTIFIER = 1_000_000
"""Beyond those of all prefilters."""

_SHAPES = bytes.maketrans(
    bytes(range(128)),
    bytes(
        b"0"[0] if chr(byte).isdigit()
        else b"a"[0] if chr(byte).isalnum()
        else byte if chr(byte) in " \n\r\t"
        else 1 if byte < 0x20 or byte == 0x7F
        else b"-"[0] if chr(byte) in "-_,|*/."
        else b"?"[0]
        for byte in range(128)
    ),
)  # fmt: skip


class PrefilterDatabase:
    """Says of a text where which obfuscation may stand. Thread-safe; lets go of the GIL."""

    def __init__(self, obfuscations: Sequence[Obfuscation]) -> None:
        """Compile the prefilters: some hundredths of a second."""
        prefilters = [
            (prefilter, obfuscation.name) for obfuscation in obfuscations for prefilter in obfuscation.prefilters
        ]
        self._widths = [prefilter.width for prefilter, _ in prefilters]
        self._owners = [name for _, name in prefilters]
        by_form: dict[Form, dict[int, Prefilter]] = {form: {} for form in Form}
        for index, (prefilter, _) in enumerate(prefilters):
            by_form[prefilter.form][index] = prefilter
        self._databases = {
            form: _database(form, prefilters) for form, prefilters in by_form.items() if prefilters or form is Form.TEXT
        }
        self._local = threading.local()

    def __call__(self, text: str) -> Mapping[str, Sequence[int]]:
        """By obfuscation, where its prefilters match in `text`, ascending; those without a match are left out."""
        # A line end before the first character and after the last one: no prefilter needs other forms for the ends.
        ascii_text = text.isascii()
        data = b"\n%b\n" % (text.encode("ascii") if ascii_text else text.encode("ascii", "replace"))
        found: list[tuple[int, int]] = []
        runs = self._scan(Form.TEXT, data, found)
        if runs:
            self._scan(Form.RUNS, data, found)
        self._scan(Form.SHAPES, data.translate(_SHAPES), found)
        if not ascii_text:
            self._scan(Form.UNICODE, b"\n%b\n" % unicode_classes(text), found)
        return self._by_obfuscation(found, len(text)) if found else {}

    def _scan(self, form: Form, data: bytes, found: list[tuple[int, int]]) -> bool:
        """Add the prefilters that match to `found`, and say whether there is a long run of base64 characters."""
        database = self._databases.get(form)
        if database is None:
            return False
        scratches = self._local.__dict__.setdefault("scratches", {})
        scratch = scratches.get(form)
        if scratch is None:
            scratch = scratches[form] = hyperscan.Scratch(database)
        runs = False

        def on_match(identifier: int, _start: int, end: int, _flags: int, _context: object) -> None:
            nonlocal runs
            if identifier < len(self._widths):
                found.append((identifier, end))
            else:
                runs = True

        database.scan(data, match_event_handler=on_match, scratch=scratch)
        return runs

    def _by_obfuscation(self, found: Iterable[tuple[int, int]], length: int) -> Mapping[str, Sequence[int]]:
        positions: dict[str, set[int]] = {}
        for identifier, end in found:
            start = min(max(end - self._widths[identifier] - 1, 0), max(length - 1, 0))
            positions.setdefault(self._owners[identifier], set()).add(start)
        return {name: sorted(starts) for name, starts in positions.items()}


def _database(form: Form, prefilters: Mapping[int, Prefilter]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions = [prefilter.expression.encode("ascii") for prefilter in prefilters.values()]
    identifiers = list(prefilters)
    flags = [
        (hyperscan.HS_FLAG_CASELESS if prefilter.caseless else 0)
        | (hyperscan.HS_FLAG_SINGLEMATCH if prefilter.once else 0)
        for prefilter in prefilters.values()
    ]
    if form is Form.TEXT:
        expressions.append(_RUN.encode("ascii"))
        identifiers.append(_RUN_IDENTIFIER)
        flags.append(hyperscan.HS_FLAG_SINGLEMATCH)
    database.compile(expressions=expressions, ids=identifiers, flags=flags)
    return database
