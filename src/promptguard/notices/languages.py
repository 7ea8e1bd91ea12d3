"""In which language somebody reads: as is set for them, else as their browser asks, where the company has that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.notices.sentences import ENGLISH
from promptguard.notices.templates import Templates

MAX_ACCEPT: Final = 500
"""Characters of an `Accept-Language` that are looked at."""


def language_of(accept: str, languages: Sequence[Templates], section: str = "", *, set_language: str = "") -> Templates:
    """The language that somebody wants most among those that have the words.

    Args:
        accept: the field `Accept-Language` of the request (RFC 9110, 12.5.4); empty for none.
        languages: those of the company, that of its notices first. It is taken where none is wanted.
        section: the part of a language's file that the page is made of. A language without it does not count: the page
            would be half in English. Empty for what each language's file has.
        set_language: the tag (BCP 47) that is set for the person or the device, which counts before `accept`.
    """
    complete = [each for each in languages if not section or section in each.model_fields_set]
    # English is what a missing section is filled with.
    others = [each for each in languages if each.language == ENGLISH]
    able = complete or others or languages
    for wanted in _wanted(set_language, accept):
        if found := _found(wanted.lower(), able):
            return found
    return able[0]


def _wanted(set_language: str, accept: str) -> Iterator[str]:
    """The most wanted first."""
    if set_language:
        yield set_language
    if accept and accept != "*":
        # Not at the top: the proxy starts without it.
        from werkzeug.datastructures import LanguageAccept
        from werkzeug.http import parse_accept_header

        for wanted, quality in parse_accept_header(accept[:MAX_ACCEPT], LanguageAccept):
            if quality > 0:
                yield wanted


def _found(wanted: str, languages: Sequence[Templates]) -> Templates | None:
    """The language of a range, shortened until there is one (RFC 4647, 3.4); else one that is a kind of it."""
    tags = {each.language.lower(): each for each in languages}
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        if found := tags.get("-".join(parts[:length])):
            return found
    return next((each for tag, each in tags.items() if tag.startswith(f"{parts[0]}-")), None)
