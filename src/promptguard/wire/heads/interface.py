"""One text out of a request's head: its method, path and header fields. None of them can be rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from promptguard.model import Role
from promptguard.wire.documents.charsets import percent_decoded
from promptguard.wire.formats.members import FIXED, PROTOCOL, SEALED, Standing, reads_like_an_id

SECRET_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase|code)|(?:^|[_.-])p(?:wd|ass|in)(?:$|[_.-])|kennwort|passwort|contrase|mot[_-]?de[_-]?passe",
    re.IGNORECASE,
)
"""Names whose value is a password, whatever it looks like."""

_RANDOM: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=(?:\d*[a-f]){3})[0-9a-f]{16,})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}(?![0-9A-Za-z])"
)
"""UUIDs (RFC 9562) and hashes, which programs draw by chance. One in a thousand would pass for an account's number."""

_PRINTABLE: Final = re.compile(rb"[\t\n\r -~]*")

MAX_SLUG: Final = 200
"""Characters of the longest string that is read as words joined by hyphens."""

_SLUG: Final = re.compile(r"(?=(?:[^-_]*[-_])*[A-Za-z]{3,}(?:[-_]|$))(?=\D*\d)[^-_]+(?:[-_][^-_]+)+")
_JOINT: Final = re.compile(r"[-_]+")

_LONG_NUMBER: Final = re.compile(r"(?:\d{12}|\d{17,})(?::[A-Za-z]+)?|[0-9A-F]{32,}")
"""Numbers of cloud projects and those of 64 bits, of which some would pass for a card's."""


class HeadText(NamedTuple):
    """A text of a request's head."""

    text: str
    role: Role = Role.HEADER
    label: str = ""
    """The name it stands under where that is the sender's own choice."""
    standing: Standing = PROTOCOL


def said(text: str, role: Role = Role.HEADER, label: str = "") -> HeadText:
    """A text that nobody has described: protocol where it reads like an id, otherwise somebody's words.

    What stands under the name of a password is one. No other name makes a secret of an id.
    """
    if label and SECRET_NAME.search(label):
        return HeadText(text, role, label, FIXED)
    text = without_ids(text)
    if not text or _LONG_NUMBER.fullmatch(text):
        return HeadText(text, role, standing=SEALED)
    if reads_like_an_id(text):
        return HeadText(text, role, standing=PROTOCOL)
    return HeadText(text, role, label, FIXED)


def without_ids(text: str) -> str:
    """A text without the ids in it that were drawn by chance; empty where it is one."""
    rest = _RANDOM.sub(_unless_it_is_text, text)
    return "" if rest == "id" else rest


def _unless_it_is_text(found: re.Match[str]) -> str:
    """`id` for what was drawn by chance; hexadecimal digits of printable characters were not."""
    digits = found[0]
    if "-" in digits or len(digits) % 2:
        return "id"
    return digits if _PRINTABLE.fullmatch(bytes.fromhex(digits)) else "id"


def words_in(text: str, role: Role = Role.HEADER) -> Iterator[HeadText]:
    """Words and numbers joined by hyphens, read with spaces."""
    if len(text) <= MAX_SLUG and _SLUG.fullmatch(text):
        yield HeadText(_JOINT.sub(" ", text), role, standing=PROTOCOL)


def decoded(text: str) -> str:
    """Percent-decoded; see `percent_decoded`."""
    return percent_decoded(text) if "%" in text else text
