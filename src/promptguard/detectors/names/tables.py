"""What a names model is shown of tables, and what the headings of their columns say of what it finds there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from promptguard.detectors.deobfuscation.tables import CellWriter, Table, label
from promptguard.detectors.deobfuscation.view import View
from promptguard.detectors.names.spans import LOCATION, PERSON

_WORD = r"[^\W\d_](?:[^\W\d_]|['’.\-](?=[^\W\d_])){0,30}\.?"
_NAME = re.compile(rf"{_WORD}(?:[ \u00a0]{{1,2}}{_WORD}){{0,4}}")
_LAST_FIRST = re.compile(
    rf"(?P<last>{_WORD}(?:[ \u00a0]{_WORD}){{0,3}}),[ \u00a0]{{0,2}}(?P<first>{_WORD}(?:[ \u00a0]{_WORD}){{0,3}})"
)
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")

# Headings in the seven languages. Words are whole, for `Kundennummer` is no person.
_OF_PERSONS = re.compile(
    r"\b(?:(?:sur|last|first|full|fore|given)?names?|customers?|clients?|contacts?|persons?|people|patients?|employees?"
    r"|members?|owners?|users?|authors?|guests?|students?|teachers?|tenants?|holders?|managers?|doctors?|colleagues?"
    r"|(?:vor|nach|familien)?namen?|kund(?:en?|in)|person(?:en)?|patient(?:en|in)|mitarbeiter(?:in)?|mitglied(?:er)?"
    r"|ansprechpartner(?:in)?|inhaber(?:in)?|mieter(?:in)?|(?:pré)?noms?|salariée?s?|nombres?|apellidos?|clientes?"
    r"|pacientes?|empleados?|nom[ei]|cognom[ei]|clienti?|pazient[ei]|dipendent[ei]|(?:voor|achter)?na(?:am|men)"
    r"|klant(?:en)?|medewerkers?|patiënt(?:en)?|(?:for|efter)?navne?|kunder?|medarbejdere?)\b",
    re.IGNORECASE,
)
_OF_PLACES = re.compile(
    r"\b(?:city|cities|town|place|location|address|street|country|county|province|birthplace|(?:wohn|geburts)?ort|stadt"
    r"|anschrift|adresse|straße|strasse|land|ville|pays|rue|commune|ciudad|dirección|calle|país|provincia|localidad"
    r"|población|città|indirizzo|comune|paese|(?:woon|geboorte)?plaats|adres|straat|gemeente|vej|gade|fødested)\b|by\Z",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:file|host|product|project|company|firm|firma|event|brand|domain|table|column|field|class|package|module|model"
    r"|device|server|app|bank|school|team|group|role|type|status|id|no|number|count)\b",
    re.IGNORECASE,
)
"""Words beside the others that say that the column holds neither: `file name`, `user id`."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A cell as the model sees it."""

    start: int
    """Of its content in the reading."""
    source: tuple[int, int]
    """Of its content in the text."""
    entity_type: str
    """What the heading says of all names in it; empty where it says nothing."""
    whole: bool
    """It holds one name, and nothing else: what is found in it is all of it."""


class TableReading:
    """Cells of tables in a text after the headings of their columns, row by row, and the way back to the text.

    A cell `Last, First` under a heading of persons reads `First Last`. Cells without words are left out.
    """

    def __init__(self, text: str, found: Sequence[Table]) -> None:
        """Read the tables, which are those of `text`."""
        writer = CellWriter(text)
        self._shown: list[_Shown] = []
        for table in found:
            types = [entity_type_of(heading) for heading in table.headings]
            labels = [label(heading) for heading in table.headings]
            for row in table.rows:
                for cell in row:
                    content = text[cell.start : cell.end]
                    if not _TWO_LETTERS.search(content):
                        continue
                    entity_type = types[cell.column]
                    swapped = _LAST_FIRST.fullmatch(content) if entity_type == PERSON else None
                    parts = [swapped.span("first"), swapped.span("last")] if swapped else [(0, len(content))]
                    whole = entity_type == PERSON and (swapped is not None or _NAME.fullmatch(content) is not None)
                    start = writer.write(cell, labels[cell.column], parts)
                    self._shown.append(_Shown(start, (cell.start, cell.end), entity_type, whole))
                writer.end_group("\n")
        self._view: View = writer.view()

    @property
    def text(self) -> str:
        """What the model is to look at."""
        return self._view.text

    def locate(self, start: int, end: int, entity_type: str) -> tuple[int, int, str] | None:
        """Where a finding in the reading stands in the text, and what type it is by the heading above it."""
        place = self._view.locate(start, end)
        index = bisect_right(self._shown, max(start, end - 1), key=lambda shown: shown.start) - 1
        if place is None or index < 0:
            return None
        shown = self._shown[index]
        found = shown.source if shown.whole else (place.start, place.end)
        return *found, shown.entity_type or entity_type


def extent(table: Table) -> tuple[int, int]:
    """The part of the text that a reading of the table stands for: with its headings where they are sure to be some."""
    headed = table.ruled or any(map(entity_type_of, table.headings))
    return table.headings_start if headed else table.start, table.end


def entity_type_of(heading: str) -> str:
    """`PERSON` or `LOCATION` where a heading says that its column holds those; empty where it does not."""
    words = heading.replace("_", " ")
    if _OF_OTHERS.search(words):
        return ""
    if _OF_PLACES.search(words):
        return LOCATION
    return PERSON if _OF_PERSONS.search(words) else ""
