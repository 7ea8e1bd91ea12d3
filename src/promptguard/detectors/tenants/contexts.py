"""Whether the signs in and around a run of words let it be a value of its kind, and how far that value reaches."""

from __future__ import annotations

import re

from promptguard.detectors.tenants.folding import words_of
from promptguard.detectors.tenants.kinds import ColumnKind
from promptguard.detectors.tenants.normal_forms import without_legal_form
from promptguard.detectors.tenants.terms import code_form, international_form, plain

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n|\r[^\S\n]*\n?[^\S\n]*\r")
_BETWEEN_NO_GROUPS = re.compile(r"[^\w\u0300-\u036f\-/. ()\u00a0]")
_TOO_MUCH = re.compile(r"[-_/. ()\u00a0]{4}")
"""What does not stand between groups of digits and letters of one value. Phone numbers have up to three signs there.
Two expressions of one class each are matched faster than one of two alternatives."""
_NOT_IN_ID = re.compile(r"[^\w\u0300-\u036f\-/. \u00a0]|[-_/. \u00a0]{2}")
_LOOSE_ID_SIGNS = re.compile(r"[. \u00a0/]")
_LONG_NUMBER = 9
"""Digits from which on a number may be written in groups with spaces or dots, and still is an id and no sum of two."""
_COUNTRY_CODE = re.compile(r"(?:\+|(?<![\d.])00)(\d{1,3})[ \u00a0./-]{0,2}(?:\(0\))?[ \u00a0./()-]{0,2}$")
_MAX_PREFIX_LENGTH = 16
_LEGAL_FORM_REACH = 40
"""Characters behind a company's name in which its legal form is looked for."""
_NEXT_WORD = re.compile(r"[ \u00a0,.&+-]{1,4}([^\W_][\w.]+)")
_HOST_BEFORE = re.compile(r"(?:[\w-]{1,63}\.)+\Z")
_MAX_HOST_NAME_LENGTH = 253

type Span = tuple[int, int]


def is_one_paragraph(raw: str) -> bool:
    """Whether no empty line stands between the words."""
    return not _PARAGRAPH.search(raw)


def is_grouped(raw: str) -> bool:
    """Whether these words may be the groups of one number or id, or one word."""
    return not (_BETWEEN_NO_GROUPS.search(raw) or _TOO_MUCH.search(raw))


def fit(kind: ColumnKind, text: str, start: int, end: int) -> Span | None:
    """The stretch of the text that is the value, if it can be one of this kind.

    Phone numbers are looked at by `phone_prefix` besides, which takes the index to tell.
    """
    match kind:
        case ColumnKind.ID:
            fits = _is_whole_id(text, start, end)
        case ColumnKind.PHONE:
            fits = _is_whole_number(text, start, end)
        case ColumnKind.EMAIL:
            fits = _is_whole_address(text, start, end)
        case ColumnKind.DOMAIN:
            return _whole_host(text, start, end)
        case ColumnKind.COMPANY:
            return start, _legal_form_end(text, end)
        case _:
            fits = True
    return (start, end) if fits else None


def _is_whole_id(text: str, start: int, end: int) -> bool:
    """Whether no part of an id goes on at either side; `/` separates as well as it joins."""
    raw = text[start:end]
    if _NOT_IN_ID.search(raw):
        return False
    if _LOOSE_ID_SIGNS.search(raw):
        compact = "".join(words_of(raw))
        if compact.isdecimal() and len(compact) < _LONG_NUMBER:
            return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    goes_on_before = len(before) == 2 and before[1] in "-_" and before[0].isalnum()
    goes_on_after = len(after) == 2 and after[0] in "-_" and after[1].isalnum()
    # 1,234,567 and 1234567.89 are sums.
    numbers = text[start].isdecimal() and text[end - 1].isdecimal()
    a_sum = numbers and (
        (len(before) == 2 and before[1] in ".," and before[0].isdecimal())
        or (len(after) == 2 and after[0] in ".," and after[1].isdecimal())
    )
    return not (goes_on_before or goes_on_after or a_sum)


def _is_whole_number(text: str, start: int, end: int) -> bool:
    after = text[end : end + 2]
    if len(after) == 2 and after[0] in "-./" and after[1].isdecimal():
        return False
    before = text[max(0, start - 2) : start]
    joined = len(before) == 2 and before[1] in "-./" and before[0].isdecimal()
    return not joined or _COUNTRY_CODE.search(text[max(0, start - _MAX_PREFIX_LENGTH) : start]) is not None


def phone_prefix(text: str, start: int, end: int) -> tuple[int, str] | None:
    """Where the country code before a phone number begins, and the form of both together; None if there is no code."""
    found = _COUNTRY_CODE.search(text[max(0, start - _MAX_PREFIX_LENGTH) : start])
    if not found:
        return None
    national = code_form(words_of(text[start:end]))
    return max(0, start - _MAX_PREFIX_LENGTH) + found.start(), international_form(found[1], national)


def _is_whole_address(text: str, start: int, end: int) -> bool:
    if start and (text[start - 1].isalnum() or text[start - 1] in "._+-%@"):
        return False
    return not _host_goes_on(text, end)


def _host_goes_on(text: str, end: int) -> bool:
    after = text[end : end + 2]
    if not after:
        return False
    return after[0].isalnum() or after[0] in "-_" or (after[0] == "." and len(after) == 2 and after[1].isalnum())


def _whole_host(text: str, start: int, end: int) -> Span | None:
    """A host name with the labels below the customer's domain."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "-_"):
        return None
    if _host_goes_on(text, end):
        return None
    if start and text[start - 1] == ".":
        window = max(0, start - _MAX_HOST_NAME_LENGTH)
        labels = _HOST_BEFORE.search(text, window, start)
        start = labels.start() if labels else start
    return start, end


def _legal_form_end(text: str, end: int) -> int:
    """Where a company's name ends if its legal form follows: `GmbH & Co. KG`, `Ltd.`, `S.p.A.`."""
    tail: list[str] = []
    best = place = end
    while (word := _NEXT_WORD.match(text, place, end + _LEGAL_FORM_REACH)) and len(tail) < 8:
        if not word[1][0].isupper():
            break
        tail += words_of(word[1])
        place = word.end() - (1 if word[1].endswith(".") and word.end() == len(text.rstrip()) else 0)
        if without_legal_form(["name", *tail]) == ["name"]:
            best = place
    return best


def verbatim(raw: str) -> str | None:
    """The form of an e-mail address or a host name, if this can be one."""
    if "." not in raw or any(map(str.isspace, raw)):
        return None
    return plain(raw)
