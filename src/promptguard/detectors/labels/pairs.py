"""Which value belongs to a label: the next thing in the text, past everything that only separates the two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from promptguard.detectors.labels.lexicon import Occurrence
from promptguard.detectors.secrets.pass_words import is_no_password
from promptguard.detectors.secrets.pipes import is_piped
from promptguard.detectors.secrets.secret_names import kind_of

MAX_VALUE = 80
"""Characters that are read as a value."""
MAX_NAME = 32
"""Characters of a name before the label it ends in."""
MAX_TAG = 200
"""Characters of a tag between a label and its value."""
MAX_SIGNS = 16
"""Signs, tags and hints between a label and its value."""

_KINDS = r"numbers?|num|nbr|no|nr|nummer|numer|númer[oa]|numero|numéro|номер|ids?|code|n[º°]|№|#|号码?|號碼?|番号|번호"
_KIND_OF_LABEL = rf"(?:[ _.\-]?(?:{_KINDS}|txt|str|field)(?![^\W_]{{2}})\.?){{0,2}}(?:_?[1-9](?![0-9]))?"
"""`Passport number`, `passport_no`, `phone2`."""
_HINT = r"[(（\[](?![^)）\]\n]{0,40}\d{3})[^()（）\[\]\n]{1,40}[)）\]]"
"""`(required)`, `(dd.mm.yyyy)`."""
_CALL = r"(?:new[ ])?[A-Za-z_][A-Za-z_.]{1,29}\((?=[\d\"'])"
"""`datetime.date(1984, 3, 12)`, `Date.parse("…")`."""
_SAYS = (
    r"(?:[ ](?:is|was|are|ist|war|lautet|est|es|è|é|er|är|on|jest|je|este|равен|είναι|adalah|là)(?=[ :])"
    r"|[ ]?(?:は|が|是|为|為|[은는이가](?=[ \d])|คือ))"
)
_MEMBER = (
    rf"[\"']?(?:\s{{0,4}}[:=,;]\s{{0,24}}|\s{{1,24}})\{{?\s{{0,24}}[\"']?(?:value|val|content|text|answer|data|date|account|{_KINDS})"
    r"[\"']?\s{0,4}[:=]"
)
"""`{"name": "dob", "value": "…"}`, and nested keys: `passport:`, and below it `number: …`."""
_QUOTE = "[\"'`*_~\\\\“”„«»「」『』]"
_SIGN = (
    rf"(?:{_SAYS}|:=|=>|->|[ \t\xa0\u3000]|{_QUOTE}|<[^<>\n]{{0,{MAX_TAG}}}>|{_HINT}|{_CALL}|[:：︰﹕꞉∶˸=＝]|[→⇒➜►▶»›]"
    rf"|\.{{2,80}}|…{{1,40}}|-{{2,80}}|\||[-–—·•](?=[ \t])|\#(?=[ ]?\d)|\r?\n|\[\[?|[({{](?=[\"'\d+A-Z]))"
)
_GAP = re.compile(
    rf"{_KIND_OF_LABEL}(?:\.(?=[ ]?[:=<\d+(#]))?(?P<member>{_MEMBER})?{_SIGN}{{0,{MAX_SIGNS}}}+", re.IGNORECASE
)

_IN_TAG = re.compile(
    rf"{_KIND_OF_LABEL}(?P<quote>[\"'])?(?:[^<>]{{0,{MAX_TAG}}}?\b(?:value|content|val|v)\s{{0,4}}=\s{{0,4}}[\"']"
    rf"|[^<>]{{0,{MAX_TAG}}}>(?:\s{{0,40}}<[^<>/]{{1,{MAX_TAG}}}>){{0,3}}\s{{0,40}}(?:<!\[CDATA\[)?)",
    re.IGNORECASE,
)
"""From within a tag whose name or attribute is a label: to its `value`, or to what the element holds."""
_OPEN_TAG = re.compile(r"<(?:[\w.\-]{1,40}:)?[\w.\-]{0,60}(?:[ ][^<>\n]{0,150})?\Z")
"""What precedes a label that stands within a tag."""

_SEPARATES = re.compile(r"[:：︰﹕꞉∶˸=＝→⇒➜►▶»›|\t<>]|->|\.{2}|…|_{3}|--|[ ][-–—·•][ ]|\#")
_SPEAKS = re.compile(_SAYS)
_UNSPACED = "\u0e00"
"""Scripts from here on put no spaces between words."""
_NAME_BEFORE = re.compile(r"[A-Za-z][\w\-]{0,30}\Z")
_LINE_END = re.compile(r"\n")
_ALONE_BEFORE = re.compile(r"(?:^|\n)[ \t>*#|\-+•·_\"'`\d.)]{0,12}\Z")
_ALONE_REACH = 16
_BEFORE_PLACEHOLDER = frozenset(":/@=")
_CLOSING = " \t\r\\\"'`*_~“”«»」』}"
_NOT_AFTER_BLANKS = frozenset({"pin", "password"})
"""Labels that are words of English sentences, too: `pin 4821 of the connector`."""
_FIRST_WORD = re.compile(r"[^\s,;]{2,40}")
_INSERTED = re.compile(r"\{[A-Za-z_][\w.\[\]]{0,60}(?:![rsa])?(?::[^{}\n]{0,20})?\}(?![^\s\"'`,;)}\]])")
"""`{password!r}`, which a program puts a value in the place of."""
_STANDARD = re.compile(r"RFC[ -]?\d{3,5}(?!\d)|CIF[^\w\n]{1,8}\d{2,4}[x×]\d")
"""`RFC 5280 4.2.1.10` is a section of a standard, `CIF = 320x240` a size; the numbers for taxes begin with letters."""
_IN_A_PROGRAM = re.compile(r"[\"'](?:\s{0,24}\|\s{0,4}[\"'][\w\-]{1,40}[\"']|[ ]?[!=]==?[ ]?[^\s\"'])")
"""`'password' | 'phone'`, `"password" === kind`: types of TypeScript, and what is compared."""
_HAS_DIGIT = re.compile(r"\d")
_ENDS = {
    '"': re.compile(r'["\n]'),
    "'": re.compile(r"['\n]"),
    "`": re.compile(r"[`\n]"),
    "<": re.compile(r"[<\n]"),
    "": re.compile(r"[\n<|\t&]"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value; offsets are into the text."""

    label: str
    start: int
    end: int


def pairs(text: str, found: list[Occurrence]) -> Iterator[Pair]:
    """The values of labels in `text` that have any. Linear: a bounded look ahead from each label."""
    placed = list(_placed(text, found))
    labels = {occurrence.start: occurrence.label for occurrence, _ in placed}
    for occurrence, start in placed:
        if labels.get(start) == occurrence.label:
            continue  # `password: password: …`, whose value is that of the last
        opened = text[start - 1] if text[start - 1] in "\"'`" else "<" if text[start - 1] == ">" else ""
        stop = min(start + MAX_VALUE, len(text))
        closing = _ENDS[opened].search(text, start, stop)
        end = closing.start() if closing else stop
        while end > start and text[end - 1] in _CLOSING:
            end -= 1
        if end > start:
            yield Pair(occurrence.label, start, end)


def _placed(text: str, found: list[Occurrence]) -> Iterator[tuple[Occurrence, int]]:
    """Labels that have a value, and where it begins."""
    for occurrence in found:
        start = _in_tag(text, occurrence) or _after(text, occurrence)
        if start is None or _INSERTED.match(text, start - 1):
            continue
        if _STANDARD.match(text, occurrence.start) or _IN_A_PROGRAM.match(text, occurrence.end):
            continue
        if occurrence.label != "password" or not _is_of_something_else(text, occurrence):
            yield occurrence, start


def _is_of_something_else(text: str, label: Occurrence) -> bool:
    """Whether a word for passwords is part of a name that says otherwise (`update_password`), or names no value."""
    if is_no_password(text, label.start) or is_piped(text, label.start, label.end):
        return True
    before = _NAME_BEFORE.search(text, max(0, label.start - MAX_NAME), label.start)
    if before is None or kind_of(text[label.start : label.end]) is None:
        return False
    return kind_of(before.group() + text[label.start : label.end]) is None


def _in_tag(text: str, label: Occurrence) -> int | None:
    opening = text.rfind("<", max(0, label.start - MAX_TAG), label.start)
    if opening < 0 or text.find(">", opening, label.start) >= 0:
        return None
    if not _OPEN_TAG.fullmatch(text, opening, label.start) and text[label.start - 1] not in "\"' =":
        return None
    if re.match(r"[\"']?\s{0,4}=", text[label.end : label.end + 8]):
        return None  # an attribute with a value of its own
    if text[opening - 1 : opening] in _BEFORE_PLACEHOLDER and not text.count("</", label.end, label.end + MAX_TAG):
        return None  # `https://user:<password>@host`
    match = _IN_TAG.match(text, label.end)
    return match.end() if match else None


def _after(text: str, label: Occurrence) -> int | None:
    match = _GAP.match(text, label.end)
    if match is None:
        return None
    gap = match.group()
    start = match.end()
    if text[label.end - 1] < _UNSPACED and not gap and text[start : start + 1].isalnum():
        return None
    if gap and not gap.strip("_") and text[start : start + 1].isalpha():
        return None  # a longer name begins with the label's word: `account_sid=`
    if start >= len(text) or not (text[start].isalnum() or text[start] in "+(#$"):
        return None
    tags = "<" in gap
    lines = len(_LINE_END.findall(gap))
    if lines and not tags and not match["member"] and (lines > 2 or not _stands_alone(text, label.start)):
        return None
    if lines or _SEPARATES.search(gap) or match["member"] or _SPEAKS.search(gap):
        return start
    if label.label in _NOT_AFTER_BLANKS and text[label.start : label.end].isascii():
        return None
    # Nothing but blanks between them: what follows must look like a number of something.
    word = _FIRST_WORD.match(text, start)
    return start if gap and word and _HAS_DIGIT.search(word.group()) else _unspaced(text, label, start)


def _unspaced(text: str, label: Occurrence, start: int) -> int | None:
    """A number right after a label of a script without spaces: `手机号138…`."""
    return start if text[label.end - 1] >= _UNSPACED and text[start].isdigit() else None


def _stands_alone(text: str, start: int) -> bool:
    """Whether a label is the first word of its line."""
    first = max(0, start - _ALONE_REACH)
    before = text[first:start]
    return (
        _ALONE_BEFORE.search(before) is not None
        if first or "\n" in before
        else _ALONE_BEFORE.search("\n" + before) is not None
    )
