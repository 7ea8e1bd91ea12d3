"""Passwords cut in two, known by the word before them: `password: hunt` ends one text, `er2-x9` begins the next."""

from __future__ import annotations

import re

from promptguard.model import Segment

TRUNCATED_KIND = "truncated secret"
"""Where what is cut in two stands after a word such as “password”."""

_NEAR = 80
"""Characters at the end of a text in which the word and the first piece stand."""

_WORDS = (
    r"pass(?:word|wort|wd|phrase|code)|kennwort|mot de passe|contraseña|wachtwoord|adgangskode|secret"
    r"|(?:api|access|secret)[ _-]key|token"
)
_BEGUN = re.compile(rf"(?<![^\W_])(?:{_WORDS})[\"'*_]{{0,2}}: {{0,2}}[!-~]{{2,40}}$", re.IGNORECASE)
"""With a colon, as people write: settings with equals signs follow each other as elements of arrays."""
_REST = re.compile(r"[!-~]{4,40}(?=\s|\Z)")
_LETTER_AND_DIGIT = re.compile(r"(?=.*[A-Za-z]).*\d")
_NUMBER = re.compile(r"[\d.,:/-]+[A-Za-z]{0,3}|[\w-]+(?:\.[\w-]+)+")
"""A number with its unit, a date, a version, and names with dots: hosts, files."""
_NO_REST = frozenset("=:/@\\<>{}[]|`")
"""In what begins a text of its own: a setting, an address, a path, markup."""


def truncates_secret(first: Segment, second: Segment) -> bool:
    """Whether a secret may begin at the end of one text and go on at the beginning of the other.

    What goes on there has letters and digits, as few words have, and is none of what else has them.
    """
    rest = _REST.match(second.text)
    if rest is None or len(first.path) != len(second.path):
        return False
    word = rest.group().rstrip(".,;!?)\"'")
    if not _LETTER_AND_DIGIT.match(word) or not _NO_REST.isdisjoint(word) or _NUMBER.fullmatch(word):
        return False
    # Members of one object are values of different things.
    alike = all(
        one == other or not (isinstance(one, str) or isinstance(other, str))
        for one, other in zip(first.path, second.path, strict=True)
    )
    return alike and not word.startswith("-") and _BEGUN.search(first.text[-_NEAR:]) is not None
