"""Names before a mail address whose letters say that it is theirs: `Jane Roe <jroe@example.com>`, `J. Roe jane.r@…`.

RFC 5322 calls the name before an address in angle brackets the display name. The address itself is a finding of its
own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.thresholds import PARTICLES

RECOGNIZER: Final = "NameBesideMail"
BESIDE_MAIL: Final = 0.75

_AT: Final = re.compile(r"@|[(\[<]at[)\]>]|_AT_")
_LOCAL: Final = re.compile(r"(?<![\w.+-])(?P<local>[\w.+-]{2,64})[ ]?\Z")
_DOMAIN: Final = re.compile(r"[ ]?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_WORD: Final = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NAME: Final = re.compile(
    rf"(?P<name>{_WORD}\.?(?:[ ](?:[(\"'`][\w .-]{{1,24}}[)\"'’][ ])?{_WORD}\.?){{1,4}})"
    rf"[\"']?,?[ ]{{0,2}}[<(\[]?(?:mailto:)?\Z"
)
_MAX_LOCAL_LENGTH: Final = 66
_MAX_NAME_LENGTH: Final = 80
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_MIN_SHARED: Final = 3
_MOST_SHARED: Final = 4
"""Letters at the beginning of a word of the name that stand in the local part."""


def find_beside_mail(text: str) -> Iterator[Span]:
    """The names in `text`. Linear in it."""
    for at in _AT.finditer(text):
        address = _LOCAL.search(text, max(0, at.start() - _MAX_LOCAL_LENGTH), at.start())
        if address is None or not _DOMAIN.match(text, at.end()):
            continue
        low = max(0, address.start() - _MAX_NAME_LENGTH)
        low = max(low, text.rfind("\n", low, address.start()) + 1)
        if found := _NAME.search(text, low, address.start()):
            start = _start(text, *found.span("name"), _folded(address["local"]))
            if start < found.end("name") and _is_of(text[start : found.end("name")], _folded(address["local"])):
                yield Span(start, found.end("name"), PERSON, BESIDE_MAIL, RECOGNIZER)


def _start(text: str, start: int, end: int, local: str) -> int:
    """Where the name begins among the words from `start` on: after the last that can be no part of one, with a word
    that is listed or stands in the address."""
    lists = lexicon()
    words: list[tuple[int, bool]] = []
    for word in _LETTERS.finditer(text, start, end):
        lowered = word[0].lower()
        listed = lowered in lists.given_names or lowered in lists.surnames
        if lowered in PARTICLES:
            continue
        if word[0].islower() or (len(word[0]) >= _MIN_SHARED and lists.is_plain(word[0]) and not listed):
            words.clear()
        else:
            words.append((word.start(), word[0][0].isupper() and (listed or _is_in(word[0], local))))
    first = next((index for index, (_, sure) in enumerate(words) if sure), len(words))
    return words[first][0] if first < len(words) else end


def _is_of(name: str, local: str) -> bool:
    """Whether an address may be of somebody who is called so: two words, one of which stands in it."""
    words = [word for word in _LETTERS.findall(name) if word[0].isupper()]
    lists = lexicon()
    if len(words) < 2 or lists.names_no_person(words):
        return False
    if all(word.lower() in lists.common_words and word.lower() not in lists.surnames for word in words):
        return False
    return any(_is_in(word, local) for word in words)


def _is_in(word: str, local: str) -> bool:
    return len(word) >= _MIN_SHARED and _folded(word)[:_MOST_SHARED] in local


def _folded(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c.isalpha())
