"""Where `pass` is no name of a password: the verdict of a test, what one does with an argument."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.secrets.dummy_values import words
from promptguard.detectors.secrets.secret_names import PASS_BEFORE

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


_STATEMENT: Final = re.compile(r"pass(?:ed)?[ \t]{1,4}(?:\"[^\"\n ]*[ ][^\"\n]*\"|'[^'\n ]*[ ][^'\n]*')[ \t]*;")
"""`pass "is a directory";`: Perl's Test::More says in words what a test has shown."""

_GOES_ON: Final = re.compile(
    r"(?i)pass(?:es|ed|ing)?[ \t]{1,4}(?:through|along|over|down|by|it|them|back|onto|around)\b"
)
"""`pass through: eth0`"""

_DOING: Final = re.compile(
    r"(?i)(?:\b(?:please|also|simply|just|either|instead|let['’]?s|always|never|optionally|only|kannst|peut|puede))"
    r"[ \t]{1,4}\Z"
)
"""Before `pass` as a verb, mostly: `simply pass {"50256": -100}`."""
_VERB: Final = re.compile(
    r"(?i)(?:\b(?:can|could|to|must|should|will|would|may|might|not|don['’]?t|you|we|they|who)|['’](?:d|ll))"
    r"[ \t]{1,4}\Z"
)
"""Before it where it is nothing else: `options to pass to the reader`, `if you pass <x>`."""
_OBJECT: Final = re.compile(
    r"(?i)pass(?:es|ed|ing)?[ \t]{1,4}(?:an?|it|them|these|those|both|any|either|its|one)\b(?![ \t]?[:=])"
)
"""`pass a string to`: articles and pronouns follow verbs."""
_NAMED: Final = re.compile(r"(?i)pass[ \t]{0,4}(?:[:=]|(?:is|was|are)\b)")
_SAID: Final = re.compile(r"(?i)pass[ \t]{0,4}(?:for|to)\b")
"""After it where it is a noun in spite of that."""
_BEFORE_VERB: Final = 16

_DATABASE: Final = re.compile(
    r"passwd(?:_compat)?:[ \t]{1,40}(?:\[[^\]\n]*\][ \t]*|(?:files|compat|db|nis|nisplus|hesiod|ldap|sss|systemd"
    r"|winbind|extrausers|cache|mymachines|altfiles|centrifydc|vas4?|lsass)(?:[ \t]+|(?=\r?\n|\Z))){1,8}(?=\r?\n|\Z|\#)"
)
"""`passwd: files systemd`: where nsswitch.conf(5) looks for accounts."""

_MODULES: Final = re.compile(
    r"password[ \t]{1,40}(?:required|requisite|sufficient|optional|include|substack|\[\w+=\w+[^\]\n]*\])(?=[ \t])"
)
"""`password requisite pam_deny.so`: what pam.conf(5) does where a password is changed."""

_CONFIGURATION: Final = (_DATABASE, _MODULES)


def is_no_password(text: str, start: int) -> bool:
    """Whether the word `pass` that starts at `start` names no password."""
    if text[start : start + 4].lower() != "pass":
        return False
    if any(form.match(text, start) for form in (_VERDICT, _ARGUMENT, _STATEMENT, _GOES_ON, _OBJECT, *_CONFIGURATION)):
        return True
    if text[start + 4 : start + 5] not in (" ", "\t") or _NAMED.match(text, start):
        return False
    before = max(0, start - _BEFORE_VERB)
    if _VERB.search(text, before, start):
        return True
    return not _SAID.match(text, start) and _DOING.search(text, before, start) is not None


def is_any_pass(name: str) -> bool:
    """Whether a name ends in `pass` after words that say nothing of accounts, as those of renderers and builds do:
    `shadow_pass`, `on_pass`. A plain word under it is no password.
    """
    found = words(name.rpartition(".")[2])
    return len(found) > 1 and found[-1] == "pass" and found[-2] not in PASS_BEFORE and not name.isupper()
