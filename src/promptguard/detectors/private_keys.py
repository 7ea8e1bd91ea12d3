"""Private keys in text form, whole or cut off: PEM, OpenSSH, PGP and PuTTY.

A detector of its own, not a recognizer: a key runs over many lines, more than a window of the pattern detector holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.interface import Detector
from promptguard.detectors.placeholders_and_examples import is_masked
from promptguard.model import DataClass, Match, Segment

_BEGIN = re.compile(r"-{2,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{2,5}")
"""RFC 7468 2 (PEM), RFC 9580 6.2 (PGP armour); OpenSSH and SSH2 write the same line."""
_END = re.compile(r"-{2,5} ?END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{2,5}")
_BODY = re.compile(
    r"""
    (?: \\[rnt] | [\r\n]                                           # line ends, also as JSON and shell write them
      | [\ \t>|#*"'+,\\]
      | (?:Version|Comment|Hash|Charset|Proc-Type|DEK-Info|Subject|MessageID)[^\r\n\\]{0,120}   # armour headers
      | [A-Za-z0-9/=]{4,}
      | [A-Za-z0-9/=]
    )*+
    """,
    re.VERBOSE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{16,}")
_PUTTY = re.compile(r"PuTTY-User-Key-File-[123]: [^\r\n]{1,60}")
_PUTTY_LINE = re.compile(r"\r?\n(?:[A-Z][A-Za-z0-9-]{2,30}: ?[^\r\n]{0,200}|[A-Za-z0-9+/=]{1,76})(?=\r?\n|\Z)")
"""A header or base64 line of a .ppk file (PuTTY manual, appendix C)."""

_WHOLE = 1.0
_CUT_OFF = 0.9
_FEWEST_CHARACTERS = 24
"""Base64 characters below which what follows BEGIN is a mention of the format and no key."""


class PrivateKeyDetector(Detector):
    """Finds private keys; a finding spans from the first line of the key to its last."""

    id = "private_keys"
    version = "1"

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`. A text without the words costs one search for them."""
        return [list(find_private_keys(segment.text)) for segment in segments]


def find_private_keys(text: str) -> Iterator[Match]:
    """The private keys in `text`, in order and without overlaps."""
    if "PRIVATE KEY" in text:
        position = 0
        while (begin := _BEGIN.search(text, position)) is not None:
            end, whole = _end_of_key(text, begin.end())
            position = end
            if _is_key(text[begin.end() : end]):
                yield _match(begin.start(), end, _WHOLE if whole else _CUT_OFF)
    if "PuTTY-User-Key-File-" in text:
        for begin in _PUTTY.finditer(text):
            end = begin.end()
            while (line := _PUTTY_LINE.match(text, end)) is not None:
                end = line.end()
            if "Private-Lines:" in text[begin.end() : end]:
                yield _match(begin.start(), end, _WHOLE)


def _end_of_key(text: str, position: int) -> tuple[int, bool]:
    body = _BODY.match(text, position)
    stop = body.end() if body else position
    end = _END.match(text, stop)
    if end is not None:
        return end.end(), True
    while stop > position and text[stop - 1] in " \t\r\n\"'\\,>":
        stop -= 1
    return stop, False


def _is_key(body: str) -> bool:
    """Whether there is key material between the lines, rather than `...` or `xxxx`."""
    runs = _BASE64.findall(body.replace("\\n", "\n"))
    material = "".join(runs)
    return len(material) >= _FEWEST_CHARACTERS and not (is_masked(material[:64]) and len(set(material)) < 12)


def _match(start: int, end: int, score: float) -> Match:
    return Match(start, end, "PRIVATE_KEY", score, "PrivateKeyDetector", DataClass.CREDENTIALS)
