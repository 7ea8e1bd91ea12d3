"""Guesses in the words of programs, which need more evidence than in the words of people.

Programs speak in system texts, in the definitions of tools, and in blocks that agents put into people's messages
(`<system-reminder>…`). They are full of products, identifiers, paths and examples, which a model that was trained on
prose takes for names. Whoever is really named there is mostly named in full, after a title, or as what the person is:
`You are the assistant of Dr. Anna Weber`, `The customer is Jane`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.self_evident import is_self_evident
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.person_cues import in_record_of_person, is_introduced, is_person_label
from promptguard.detectors.names.thresholds import PARTICLES, after_title
from promptguard.model import DataClass, Match, Role, Segment

PROGRAMS: Final = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})

LIKELY: Final = 0.5
"""The least score of personal data that is no name and not proven by its form."""
UNKNOWN: Final = 0.5
"""The least probability of a full name that no list knows."""

_BLOCK = re.compile(
    r"<(?![\w-]{0,60}(?i:request|query|message|question|prompt|input|data|record)>)"
    r"([a-z][a-z0-9]{0,30}(?:[_-][a-z0-9]{1,30}|[A-Z][a-z0-9]{1,30}){1,4})(?:\s[^<>]{0,200})?>"
)
"""A tag of two words, as programs name them; people who write markup use HTML's. Some hold what a person asked."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LETTERS = re.compile(r"[^\W\d_]{4}")
_CODE_BEFORE = re.compile(r"[./\\@$#_~`<{%-]\Z")
_CODE_AFTER = re.compile(r"[/\\_`}>(]|[.:=-]\w|[ ]?[=]")
_KEY = re.compile(r"""["']?(?P<key>[\w $.-]{1,60}?)["']?[ \t]{0,4}[:=][ \t]{0,4}[\[{(]?[ \t]{0,4}\Z""")
_ELEMENT_START = re.compile(r"<(?P<name>[A-Za-z][\w.:-]{0,60})(?:\s[^<>]{0,40})?>\s{0,4}\Z")
_ELEMENT = re.compile(r"[\[(,][ \t]{0,4}\Z")
_EXAMPLE = re.compile(
    r"(?:\be\.?g\.|\bexamples?\b|\bsuch as\b|\bz\. ?B\.|\bBeispiel|\bpar exemple|\bp\. ?ej\.|\bpor ejemplo|\bad esempio"
    r"|\bbijv\.|\bbijvoorbeeld|\bf\. ?eks\.|\bfor eksempel)[^.!?\n]{0,24}\Z",
    re.IGNORECASE,
)
_AND = re.compile(r"[ \t]{0,2}(?:,|;|&|·|\n-)?[ \t]{0,2}(?:(?:and|und|et|y|e|en|og)[ \t])?[ \t]?(?:Dr\.?[ \t])?")
"""What stands between people who are listed beside each other."""
_MAX_QUOTED = 200
_MAX_CUE = 80


def credible(segment: Segment, matches: Sequence[Match]) -> list[Match]:
    """`matches` without guesses that have too little evidence for where they stand. Linear in the matches' number."""
    if not matches:
        return []
    text = segment.text
    blocks = [(0, len(text))] if segment.role in PROGRAMS else list(injected_blocks(text))
    if not blocks:
        return list(matches)
    doubted = [match for match in matches if within(match.start, blocks)]
    persons = _persons(segment, [match for match in doubted if match.entity_type == "PERSON"])
    known = {word for match in persons for word in _names(text, match)}
    kept = {id(match) for match in persons}
    for match in doubted:
        if match.entity_type == "PERSON":
            credible_guess = _is_mention(text, match, known)
        elif match.entity_type == "LOCATION":
            credible_guess = _is_address(text, match) or (bool(persons) and not _in_code(text, match))
        else:
            credible_guess = is_self_evident(match, ()) or _is_likely(text, match)
        if credible_guess:
            kept.add(id(match))
    dropped = {id(match) for match in doubted} - kept
    return [match for match in matches if id(match) not in dropped]


def injected_blocks(text: str) -> Iterator[tuple[int, int]]:
    """The elements of several lines in a text whose tags are named as programs name things. Linear in the text.

    An element of one line is a field of somebody's data.
    """
    if "</" not in text:
        return
    position = 0
    unclosed: set[str] = set()
    for tag in _BLOCK.finditer(text):
        if tag.start() < position or tag[1] in unclosed:
            continue
        end = text.find(f"</{tag[1]}>", tag.end())
        if end < 0:
            unclosed.add(tag[1])
            continue
        position = end
        if text.find("\n", tag.end(), end) >= 0 and not is_person_label(tag[1]):
            yield tag.end(), end


def within(position: int, blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether a position stands in one of some blocks, which follow each other."""
    index = bisect_right(blocks, position, key=lambda block: block[0]) - 1
    return index >= 0 and position < blocks[index][1]


def _persons(segment: Segment, guesses: Sequence[Match]) -> list[Match]:
    """Those that are persons by themselves, and those that are listed beside one: `Jane Roe, Hye-jin Seo and …`."""
    text = segment.text
    found = {index for index, match in enumerate(guesses) if _is_person(text, match, segment)}
    for order in (range(1, len(guesses)), range(len(guesses) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for index in order:
            beside = sorted((guesses[index], guesses[index + step]), key=lambda match: match.start)
            if index + step in found and _AND.fullmatch(text, beside[0].end, beside[1].start):
                found |= {index} if len(_names(text, guesses[index])) > 1 else set()
    return [match for index, match in enumerate(guesses) if index in found]


def _is_person(text: str, match: Match, segment: Segment) -> bool:
    names = _names(text, match)
    lists = lexicon()
    if not names or lists.names_no_person(names) or _is_example(text, match.start):
        return False
    if after_title(text, match.start):
        return any(not lists.is_plain(name) for name in names)
    if _in_code(text, match):
        return False
    introduced = (
        is_introduced(text, match.start, match.end)
        or is_person_label(segment.label)
        or is_person_label(_key_of(text, match) or "")
    )
    known = [name for name in names if _is_known(name)]
    if len(names) == 1:
        return introduced and (bool(known) or _is_field_of_record(text, match))
    if not all(name[0].isupper() for name in names):
        return bool(known) and introduced
    if segment.role is Role.TOOL_DEFINITION and not introduced:
        return False
    if known and not any(lists.is_plain(name) for name in names):
        return True
    return introduced and match.score >= (0.0 if known else UNKNOWN)


def _is_field_of_record(text: str, match: Match) -> bool:
    """Whether a single name that no list knows is a field of a person's record: `"nachname": "Żurawski"`."""
    key = _key_of(text, match)
    return key is not None and is_person_label(key) and in_record_of_person(text, match.start, match.end)


def _is_known(name: str) -> bool:
    lists, lowered = lexicon(), name.lower()
    listed = lowered in lists.given_names or lowered in lists.surnames
    return listed and lowered not in lists.namesakes and lowered not in lists.common_words


def _names(text: str, match: Match) -> list[str]:
    """The words of a name without initials and particles."""
    words = _WORD.findall(text[match.start : match.end])
    return [word for word in words if len(word) > 1 and word not in PARTICLES]


def _is_mention(text: str, match: Match, known: set[str]) -> bool:
    """Whether it is one of the names of somebody who is named in full in the same text."""
    names = _names(text, match)
    return bool(names) and known.issuperset(names) and not _in_code(text, match)


def _is_address(text: str, match: Match) -> bool:
    """Whether a place is a postal address by its form: a pattern's finding, with a number and a word."""
    value = text[match.start : match.end]
    by_form = match.detector.startswith(("Address", "StreetAddress", "PostalAddress"))
    return by_form and any(map(str.isdigit, value)) and _LETTERS.search(value) is not None


def _is_likely(text: str, match: Match) -> bool:
    if match.data_class is not DataClass.PERSONAL_DATA or match.subject:
        return True
    return match.score >= LIKELY and not _is_example(text, match.start)


def _is_example(text: str, start: int) -> bool:
    return _EXAMPLE.search(text, max(0, start - _MAX_CUE), start) is not None


def _in_code(text: str, match: Match) -> bool:
    """Whether a guess stands in a path, an identifier, inline code, or a string of code that says of no person."""
    start, end = match.start, match.end
    if _CODE_BEFORE.search(text, max(0, start - 1), start) or _CODE_AFTER.match(text, end, end + 2):
        return True
    if text.count("`", _line_start(text, start), start) % 2:
        return True
    quote = _quote_before(text, match)
    if quote < 0:
        return False
    key = _key_of(text, match)
    if key is not None:
        return not is_person_label(key)
    return _ELEMENT.search(text, max(0, quote - 5), quote) is not None


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position) + 1, position - _MAX_QUOTED, 0)


def _quote_before(text: str, match: Match) -> int:
    """Where the string begins in which a match stands; -1 where it stands in none."""
    line_start = _line_start(text, match.start)
    quote = max(text.rfind('"', line_start, match.start), text.rfind("'", line_start, match.start))
    closed = quote >= 0 and text.find(text[quote], match.end, match.end + _MAX_QUOTED) >= 0
    return quote if closed else -1


def _key_of(text: str, match: Match) -> str | None:
    """The name of the element, member or argument whose string a match stands in; None where there is none."""
    element = _ELEMENT_START.search(text, max(0, match.start - _MAX_CUE), match.start)
    if element:
        return element["name"]
    quote = _quote_before(text, match)
    key = _KEY.search(text, max(quote - _MAX_CUE, 0), quote) if quote >= 0 else None
    return key["key"] if key else None
