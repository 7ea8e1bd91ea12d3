"""Private keys without their first and last line: base64, over several lines as a rule, that begins as keys do.

What the lines would say, the ASN.1 tells that the base64 starts with: PKCS#1 and #8, SEC 1, PKCS#12; OpenSSH's format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptguard.detectors.validators.tokens import encoded_private_key

MIN_WIDTH = 32
"""Characters of a full line of base64; PEM has 64, MIME 76."""
MAX_LENGTH = 20_000
"""Characters of a key; RSA of 16,384 bits has 12,500."""
MIN_LENGTH = 60
"""Of the shortest: an Ed25519 key in PKCS#8 is 64 long."""

_OPENSSH = "b3BlbnNzaC1rZXktdjE"
_REST = rf"[A-Za-z0-9+/]{{{MIN_WIDTH - 4},}}={{0,2}}"
_HEAD = re.compile(rf"M(?<![A-Za-z0-9+/=]M)(?:I[A-Z]|HcC|C4C|FMC|E4C|HQC|G4C|FEC){_REST}")
"""Begins with its letter, which is looked for many times faster than what precedes it, or one of two letters."""
_HEAD_BESIDE_OPENSSH = re.compile(rf"(?<![A-Za-z0-9+/=])(?:M(?:I[A-Z]|HcC|C4C|FMC|E4C|HQC|G4C|FEC)|{_OPENSSH}){_REST}")
_LINE_END = r"[ \t\"',+\\]{0,8}(?:\\r)?(?:\\n|\r?\n|<br ?/?>)(?:[ \t>|#*\"',\\-]|\+[ \"']){0,24}"
_NEXT = re.compile(rf"{_LINE_END}([A-Za-z0-9+/]{{1,100}}={{0,2}})(?=[ \t\"',;+\\)\]}}]{{0,8}}(?:\r?\n|\\[nr]|<|\Z))")


def bare_keys(text: str) -> Iterator[tuple[int, int]]:
    """Where such keys stand in `text`, in order."""
    heads = _HEAD_BESIDE_OPENSSH if _OPENSSH in text else _HEAD
    position = 0
    while (head := heads.search(text, position)) is not None:
        position = head.end()
        width = characters = len(head.group())
        while position - head.start() < MAX_LENGTH:
            line = _NEXT.match(text, position)
            if line is None or len(line[1]) > width:
                break
            characters += len(line[1])
            last = len(line[1]) < width
            if last and characters % 4:
                break  # a word of what follows
            position = line.end()
            if last:
                break
        key = head.group()
        if position - head.start() >= MIN_LENGTH and (key.startswith(_OPENSSH) or encoded_private_key(key)):
            yield head.start(), position
