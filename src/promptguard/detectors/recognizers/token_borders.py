"""Where tokens may begin and end: also beside an underscore or a hyphen, as in `proj_AKIA…`, `backup-sk-ant-…-old`.

To a regex an underscore is a letter, so `\\b` before a vendor's prefix misses a token that something was put before.
The prefix tells where it begins: no letter or digit may stand before it, anything else may. Where the prefix is written
as no word goes on (`AKIA`, `ghp_`), a word may stand before it too: `keyAKIA…`, `myTokenghp_…`.
"""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = r"(?<![A-Za-z0-9])"
_WORD: Final = r"(?<=(?<![A-Za-z0-9+/])[A-Z]?[a-z]{1,12}(?:[A-Z][a-z]{2,12}){0,2})"
"""A word or a name in `camelCase` from its beginning on; within base64 there is hardly ever one."""
_AFTER: Final = r"(?![A-Za-z0-9])"

_ONE: Final = r"(?:[A-Za-z0-9_.\-]|\\[.\-/]|\[[A-Za-z0-9]{1,8}\])"
_CHARACTER: Final = rf"{_ONE}(?![{{*+?])"
_WORDS: Final = r"\((?:\?:)?[A-Za-z0-9_\-]+(?:\|[A-Za-z0-9_\-]+)+\)(?![{*+?])"
_PREFIX: Final = rf"(?:(?:\((?:\?:)?)?{_CHARACTER}|{_WORDS}){{3}}"
"""Three characters at least that are said one by one."""
_RANDOM: Final = rf"{_ONE}{{0,2}}\[[A-Za-z0-9\-]+\]\{{[0-9]{{2}}"
"""Ten letters and digits at least."""
_BEGINS: Final = re.compile(
    rf"(?P<flags>(?:\(\?[a-z-]+[:)])?)(?:\\b(?={_PREFIX}|{_RANDOM})|\(\?<!\[A-Za-z0-9_\.\\-\]\)(?=c?sk-))"
)
"""A border with signs in it stands where a prefix is weak: `ico-` and a hash are a file. `sk-` is not."""
_ENDS: Final = re.compile(
    r"(?:(?P<last>\[(?:[A-Za-z0-9\-]*[A-Za-z0-9])\](?:\{[\d,]+\})?(?:\)\??)?)\\b"
    r"|(?P<counted>\]\{\d+\})\(\?!\[A-Za-z0-9_\\-\]\))\Z"
)
"""A border after a run of letters and digits, or after as many characters as the token has."""
_WEAK: Final = re.compile(r"\\b(?:\((?:\?:)?)?(?:live|test|prod|dev|access)(?![A-Za-z])")
"""Prefixes that are words of programmers: `task_test_…` is a name."""
_NO_WORD_GOES_ON: Final = re.compile(
    r"(?:\((?:\?:)?)?(?:[A-Z]{2}[A-Za-z]{2}|gh[a-z\[(]|github_pat|glpat|xox[a-z\[(]|(?:\(\?:)?sk\|rk\)?_|[sr]k_live|sk-ant"
    r"|sk-proj|npm_|dop_v1|shp[a-z\[(]|pypi-)"
)
"""Prefixes that stand out behind a word; `sk-` does not: `desk-`."""
_PART: Final = "(?P<"
"""Where only a part of what is matched is the token, something else introduces it."""


def beside_signs(expression: str) -> str:
    """The regex of a token that is known by its prefix, so that underscores and hyphens are borders of it too."""
    begins = _BEGINS.match(expression)
    if begins is None or _PART in expression or _WEAK.match(expression):
        return expression
    rest = _ENDS.sub(lambda match: (match["last"] or match["counted"]) + _AFTER, expression[begins.end() :])
    glued = not begins["flags"] and _NO_WORD_GOES_ON.match(rest) is not None
    return f"{begins['flags']}{f'(?:{_BEFORE}|{_WORD})' if glued else _BEFORE}{rest}"
