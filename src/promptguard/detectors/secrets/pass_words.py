"""Where `pass` is no name of a password: the verdict of a test, and what one does with an argument."""

from __future__ import annotations

import re
from typing import Final

_VERDICT: Final = re.compile(
    r"PASS(?:ED)?[ \t]{0,4}[:=][ \t]{0,4}"
    r"(?:0x[0-9a-fA-F]{1,16}\b|\d+\b|Test\w+|[\w.\-]+(?:::|/)[\w./:\-]+|[\w.\-/]+:[ \t])(?![!#$%^&*?])"
)
"""`PASS: gdb.base/run.exp: print`, `PASS:0x1f`: DejaGnu, Automake and firmware say which test passed, and with what."""

_ARGUMENT: Final = re.compile(
    r"(?i)pass(?:es|ed|ing)?[ \t]{1,4}([\"'`])[\w.\-/:=,+ ]{1,64}\1,?[ \t]{1,4}"
    r"(?:as|to|in|into|for|via|through|when|if|instead|rather|along|and|or|on|with|from|directly|by|here|explicitly)\b"
)
"""``pass `x1` as the argument``: whatever is passed, unless its signs are those of passwords."""


def is_no_password(text: str, start: int) -> bool:
    """Whether the word `pass` that starts at `start` names no password."""
    return _VERDICT.match(text, start) is not None or _ARGUMENT.match(text, start) is not None
