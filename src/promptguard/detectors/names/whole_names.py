"""The rest of a person's name that a model has found a part of: initials, nicknames, suffixes."""

from __future__ import annotations

import re
from typing import Final

_SURNAME = r"[A-Z\u00c0-\u00de\u0100-\u024f][^\W\d_]{1,30}(?:[-'’][^\W\d_]{1,30})?"

_INITIAL_AND_SURNAME: Final = re.compile(rf"[ \t](?:[A-Z](?:\.[ \t]?|[ \t])){{1,3}}({_SURNAME})")
"""The second half of `Ana K. Example`: the initial says that what follows is a surname, whatever the model thinks
of it."""
_NICKNAME: Final = re.compile(
    rf"[ ][(\"'`‘“„«][ ]?[^\W\d_][\w .-]{{0,24}}[)\"'’“”»][ ](?:(?:van|von|de|da|di)[ ])?{_SURNAME}"
)
"""The rest of `Ana (Anny) Example`, `Ana "The Hat" Example`."""
_SUFFIX: Final = re.compile(
    r",?[ ](?:Jr|Sr|II|III|IV|Ph\.?[ ]?D|M\.?[ ]?D|D\.?D\.?S|D\.?V\.?M|D\.?O|R\.?N|Esq|MBA|M\.?Sc|B\.?Sc|LL\.?[BM]"
    r"|CPA|PMP|OBE|MBE)"
    r"(?![\w-])\.?"
)
"""Generations and degrees. They stand after the name of somebody, and leave with it."""


def end_of_name(text: str, start: int, end: int) -> int:
    """Where the name text[start:end] ends, with what belongs to it after it."""
    content = text[start:end]
    if not content[0].isupper():
        return end
    if (found := _INITIAL_AND_SURNAME.match(text, end)) or (
        " " not in content and (found := _NICKNAME.match(text, end))
    ):
        end = found.end()
    while " " in text[start:end] and (found := _SUFFIX.match(text, end)):
        # A full stop may end the sentence as well; then it stays.
        end = found.end() - (found[0].endswith(".") and not text[found.end() : found.end() + 2].strip())
    return end
