"""Private keys in text form, whole or cut off at either end: PEM, OpenSSH, SSH2, PGP, PuTTY, OpenVPN.

A detector of its own, not a recognizer: a key runs over many lines, more than a window of the pattern detector holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.code_version import code_version
from promptguard.detectors.interface import Detector, DetectorFactory
from promptguard.detectors.private_keys.bare import bare_keys
from promptguard.detectors.secrets.dummy_values import is_masked
from promptguard.model import DataClass, Match, Segment

_KIND = (
    r"(?:(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?|OpenVPN (?:Static|tls-crypt-v2 (?:client|server)) key(?: V1)?)"
)
_BEGIN = re.compile(rf"-{{2,5}} ?BEGIN {_KIND} ?-{{2,5}}")
"""RFC 7468 2 (PEM), RFC 9580 6.2 (PGP armour); OpenSSH, SSH2 (RFC 4716) and OpenVPN write the same line."""
_END = re.compile(rf"-{{2,6}} ?END {_KIND} ?-{{2,5}}")
_BODY = re.compile(
    r"""
    (?: \\[rnt] | [\r\n]                                           # line ends, also as JSON and shell write them
      | [\ \t>|#*"'+,\\]
      | <br[ ]?/?> | &\#(?:10|13|x[aAdD]); | (?<=\n)-(?!-)           # line ends in HTML; lines that a diff removes
      | (?:Version|Comment|Hash|Charset|Proc-Type|DEK-Info|Subject|MessageID)[^\r\n\\]{0,120}   # armour headers
      | [A-Za-z0-9/=]{4,}
      | [A-Za-z0-9/=]
    )*+
    """,
    re.VERBOSE,
)
_LINE_BEFORE = re.compile(r"[ \t>|#*\"'+,\\\d]{0,16}[A-Za-z0-9+/=]{16,80}[\"'+, \t\r\\n]{0,8}\n")
"""A line of base64 right before the last line of a key whose beginning was not pasted."""
MAX_HALF_LENGTH = 4_000
"""Characters before the last line in which the rest of such a key is looked for: an RSA key of 4,096 bits has 3,200."""
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{16,}")
_PUTTY = re.compile(r"PuTTY-User-Key-File-[123]: [^\r\n]{1,60}")
_PUTTY_LINE = re.compile(r"\r?\n(?:[A-Z][A-Za-z0-9-]{2,30}: ?[^\r\n]{0,200}|[A-Za-z0-9+/=]{1,76})(?=\r?\n|\Z)")
"""A header or base64 line of a .ppk file (PuTTY manual, appendix C)."""

_WHOLE = 1.0
_CUT_OFF = 0.9
_MIN_CHARACTERS = 24
"""Base64 characters below which what follows BEGIN is a mention of the format and no key."""


class PrivateKeyDetector(Detector):
    """Finds private keys; a finding spans from the first line of the key to its last."""

    id = "private_keys"
    version = code_version()

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`. A text without the words costs one search for them."""
        return [list(find_private_keys(segment.text)) for segment in segments]


def find_private_keys(text: str) -> Iterator[Match]:
    """The private keys in `text`, in order and without overlaps."""
    if "PRIVATE KEY" in text or "OpenVPN" in text:
        yield from _armoured(text)
    for start, end in bare_keys(text):
        yield _match(start, end, _CUT_OFF)
    if "PuTTY-User-Key-File-" in text:
        for begin in _PUTTY.finditer(text):
            end = begin.end()
            while (line := _PUTTY_LINE.match(text, end)) is not None:
                end = line.end()
            if "Private-Lines:" in text[begin.end() : end]:
                yield _match(begin.start(), end, _WHOLE)


def _armoured(text: str) -> Iterator[Match]:
    position = 0
    while True:
        begin = _BEGIN.search(text, position)
        yield from _second_halves(text, position, begin.start() if begin else len(text))
        if begin is None:
            return
        end, whole = _end_of_key(text, begin.end())
        position = end
        if _is_key(text[begin.end() : end]):
            yield _match(begin.start(), end, _WHOLE if whole else _CUT_OFF)


def _second_halves(text: str, position: int, stop: int) -> Iterator[Match]:
    """Keys without their beginnings between two offsets."""
    for end in _END.finditer(text, position, stop):
        start = line_end = end.start()
        least = max(position, start - MAX_HALF_LENGTH)
        while line_end > least:
            newline = text.rfind("\n", least, line_end - 1)
            line_start = newline + 1 if newline >= 0 else least
            cut = newline < 0 < least
            if cut or not _LINE_BEFORE.fullmatch(text, line_start, line_end):
                break
            start = line_end = line_start
        position = end.end()
        if _is_key(text[start : end.start()]):
            yield _match(start, position, _CUT_OFF)


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
    return len(material) >= _MIN_CHARACTERS and not (is_masked(material[:64]) and len(set(material)) < 12)


def _match(start: int, end: int, score: float) -> Match:
    return Match(start, end, "PRIVATE_KEY", score, "PrivateKeyDetector", DataClass.CREDENTIALS)


FACTORY = DetectorFactory(PrivateKeyDetector.id, lambda _: PrivateKeyDetector(), frozenset({"PRIVATE_KEY"}))
