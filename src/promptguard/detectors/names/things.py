"""Products, parts and machines whose name stands under `name` like a person's: what else is told of them says what
they are.

`{"sku": "L-2", "name": "Charlotte Armchair", "price": 299}`, the same in the columns of a table, `kind: Deployment` and
`name: jaeger`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

_REACH: Final = 320
"""Characters of a record that are looked at before and after the name."""
_MAX_TABLE_LENGTH: Final = 50_000
"""Characters between a row and the headings of its columns."""
_MAX_VALUE_LENGTH: Final = 60

_NAMES = (
    r"name|title|label|model|description|product(?:[ _-]?name)?|item(?:[ _-]?name)?|article|bezeichnung|artikel|produkt"
    r"|titel|nom|produit|nombre|producto|nome|prodotto|naam|nazwa|varenavn|navn"
)
_LABEL: Final = re.compile(
    rf"(?<![\w-])(?:{_NAMES})(?:[\"']?[ \t]{{0,4}}[:=|][ \t]{{0,4}}|>)[\"']?"
    rf"[^\n\"'<>:;,|={{}}]{{0,{_MAX_VALUE_LENGTH}}}\Z",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(rf"[\s\"'*]*(?:{_NAMES})s?[\s\"'*]*", re.IGNORECASE)
_KEY = r"[\"'*]?[ \t]{0,4}(?:[:=>,;|\t]|\r?\n|\Z)"
_OF_PRODUCTS: Final = re.compile(
    r"(?<![\w-])(?:sku|ean(?:13)?|gtin|upc|asin|isbn|mpn|barcode|(?:in[ _-]?)?stock(?:[ _-]\w{2,8})?|lagerbestand"
    r"|(?:product|part|item)[ _-]?(?:id|no|number|code)|art(?:ikel|icle)?[.]?[ _-]?(?:nr|no|id|nummer|number)\.?"
    rf"|artikelnummer){_KEY}",
    re.IGNORECASE,
)
_OF_GOODS: Final = re.compile(
    r"(?<![\w-])(?:(?:unit|list|net|gross|sale)?[ _-]?price(?:[ _-]\w{2,5})?|msrp|(?:einzel|stück|verkaufs)?preis|prix"
    r"|precio|prezzo|prijs|cena|brand|marke|marque|colou?r|farbe|material|calories|kcal|warranty"
    rf"|quantity|qty){_KEY}",
    re.IGNORECASE,
)
"""What may also be told of persons: their name must be none in the language's words, too."""
_OF_MACHINES: Final = re.compile(
    r"(?<![\w-])(?:apiversion|kind|namespace|image|hostname|environment|replicas|containers|ports?|version|cluster"
    rf"|repository|branch|commit|runs-on|steps|command|entrypoint|volumes|depends_on|subnet|vlan){_KEY}",
    re.IGNORECASE,
)
_OF_PERSONS: Final = re.compile(
    r"(?<![A-Za-z])(?:e-?mail|phone|mobile|tel(?:efon)?|address|anschrift|adresse|street|birth\w*|dob|geburts\w*|ssn"
    r"|gender|customer|kunde|client|buyer|käufer|recipient|passenger|guest|patient|employee|(?:first|last|sur|full|given|family)"
    r"[ _-]?name|vorname|nachname|prénom|salary|gehalt|age|alter|iban|account|order[ _-]?(?:id|no|number)|bestellnummer"
    r"|invoice|department|job|occupation)(?![A-Za-z])",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(
    r"(?<![\w-])(?:brand|category|colou?r|product|item|part|model|material|manufacturer|repository|feature|environment"
    r"|cluster|namespace)s?[\"']?[ \t]{0,4}[:=][ \t]{0,4}\{[^{}]{0,80}\Z",
    re.IGNORECASE,
)
"""What has a name of its own within a record: `"brand": {"name": …}`."""
_DELIMITERS: Final = ("\t", ";", "|", ",")


def without_things(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans without names of products and machines."""
    for span in spans:
        if span.entity_type not in {PERSON, LOCATION} or not is_thing(text, span.start, span.end):
            yield span


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] stands where a record or a table's row of products or machines has its name."""
    before = text[max(0, start - _REACH) : start]
    if _LABEL.search(before):
        if _OWNER.search(before):
            return True
        record = _record(text, start, end)
        if _OF_PERSONS.search(record):
            return False
        return _are_of_things(record, text[start:end])
    return _in_column_of_things(text, start, end)


def _are_of_things(keys: str, name: str) -> bool:
    """Whether keys or headings are those of what is no person, given what stands as the name."""
    if _OF_PRODUCTS.search(keys):
        return True
    if name.islower() and " " not in name and _OF_MACHINES.search(keys):
        return True
    return _is_plain(name) and _OF_GOODS.search(keys) is not None


def _is_plain(name: str) -> bool:
    """Whether it ends in a word of the language: `Paris Lamp`."""
    words = name.lower().split()
    return words[-1] in lexicon().common_words and words[-1] not in lexicon().surnames


def _record(text: str, start: int, end: int) -> str:
    """What stands with a name in the braces or the paragraph that it stands in."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    low = max(low, *(text.rfind(sign, low, start) + 1 for sign in ("{", "}", "\n\n", "\n- ")))
    ends = [at for sign in ("{", "}", "\n\n", "\n- ") if (at := text.find(sign, end, high)) >= 0]
    return text[low : min([high, *ends])]


def _in_column_of_things(text: str, start: int, end: int) -> bool:
    """Whether the cell at `start` stands under `name` in a table whose other headings are those of products."""
    line_start = text.rfind("\n", 0, start) + 1
    top = max(text.rfind("\n\n", max(0, line_start - _MAX_TABLE_LENGTH), line_start) + 2, 0)
    if top < 2:
        top = 0
    heading = text[top : text.find("\n", top)] if top < line_start else ""
    delimiter = next((each for each in _DELIMITERS if heading.count(each) > 1), None)
    if (
        delimiter is None
        or len(heading) > 2 * _REACH
        or not _OF_PRODUCTS.search(heading)
        or _OF_PERSONS.search(heading)
    ):
        return False
    column = text.count(delimiter, line_start, start)
    cells = heading.split(delimiter)
    return column < len(cells) and _HEADING.fullmatch(cells[column]) is not None
