"""Names that signs surround or touch, as the model reads them without: `😊Jane Roe`, `_Jane Roe_`, `@Jane Roe`.

The model splits words at white space and punctuation, so that a sign that is neither becomes part of the word, and the
others tell it of code. A second reading has spaces in their place.
"""

from __future__ import annotations

import re
from typing import Final

import regex

from promptguard.detectors.names.lexicon import lexicon

_NAME = r"(?<!\p{L})\p{Lu}(?:[\p{L}\p{M}'’-]{0,30}\p{L})(?![\p{L}\p{M}])"
_ASCII = r"[*_~`\"{}\[\]<>$\#|@^+=]"
_OTHER = (
    r"[^\w\s\x00-\x7f.,;:!?'’()/&%-]|[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u218f\u2460-\u24ff]|[\ufe00-\ufe0f\u200d]"
)
_SIGN = rf"(?:{_ASCII}|{_OTHER})"
_FULL = rf"{_NAME}(?:[ ](?:\p{{Lu}}\.|{_NAME}|van|von|de|der|den|del|da|di|al|el|bin)){{1,3}}"
_BESIDE: Final = regex.compile(
    rf"(?P<before>(?:{_SIGN}){{1,4}}[ ]?|(?:^|(?<=\s))\d{{1,3}}[.)][ ])(?P<name>{_FULL})"
    rf"(?P<after>[!?]?[ ]?(?:{_SIGN}){{0,4}})"
    rf"|(?P<before>)(?P<name>{_FULL})(?P<after>[ ]?(?:{_OTHER}){{1,4}})"
    rf"|(?P<before>(?:{_OTHER}){{1,4}})(?P<name>{_NAME})(?P<after>(?:{_OTHER}){{0,4}})"
    rf"|(?P<before>)(?P<name>{_NAME})(?P<after>(?:{_OTHER}){{1,4}})",
    regex.MULTILINE,
)
_CAPITAL = r"[^\W\d_a-z]"
_MAY_BE_BESIDE: Final = re.compile(rf"{_ASCII}[ ]?{_CAPITAL}|\d[.)][ ]{_CAPITAL}|{_OTHER}")
"""What a text has in which `_BESIDE` matches, and most texts have not."""


def without_signs(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text`, of the same length, with spaces for the signs beside what is written like a name; and where those are.

    Words of the language alone are not worth a second look.
    """
    if not _MAY_BE_BESIDE.search(text):
        return text, []
    found = [match for match in _BESIDE.finditer(text) if _may_be_name(match["name"])]
    if not found:
        return text, []
    pieces: list[str] = []
    position = 0
    for match in found:
        start, end = match.span("name")
        pieces += [text[position : match.start()], " " * (start - match.start()), text[start:end]]
        pieces.append(" " * (match.end() - end))
        position = match.end()
    return "".join([*pieces, text[position:]]), [match.span("name") for match in found]


def _may_be_name(name: str) -> bool:
    common = lexicon().common_words
    return any(word.lower() not in common for word in regex.findall(r"\p{L}+", name) if word[0].isupper())
