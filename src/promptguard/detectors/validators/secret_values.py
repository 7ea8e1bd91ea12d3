"""Checks on values that stand where a secret would: after an option, in a URL, beside a user's name, in a sentence.

Every function is registered under the name that `config/recognizers/credentials_*.yaml` uses, gets the value alone and
answers as `validators` says: False is no finding, a number is the score, None keeps the pattern's.
"""

from __future__ import annotations

import re

from promptguard.detectors.secrets import secret_literals, spoken_words
from promptguard.detectors.secrets.dummy_values import (
    is_code,
    is_masked,
    is_placeholder,
    is_stand_in,
    is_template,
)
from promptguard.detectors.secrets.expressions import is_expression
from promptguard.detectors.secrets.odd_signs import is_written_literal
from promptguard.detectors.validators.registry import validator

_SHELL = re.compile(r"\$(?:\w+|[@*#?!]|[{(].*)[;,.)\"'/]?\Z|[%!]\w+[%!]\Z|[&*@?:%]\w{0,1}\Z|[&*@:]\w+\Z|\d?>|\\")
"""A variable, a positional argument, a redirection."""
_PORT_OR_SIZE = re.compile(r"\d{1,5}(?::\d{1,5})?(?:/\w+)?|\d+[kmgKMG]?")
_WORDS_OF_DOCUMENTS = (
    "pass password passwd pwd pw secret token example key apikey user username xxx yyy tiger mypassword mypass"
    " yourpassword pass_word userpass my-secret-pw"
)
_DOCUMENTATION = frozenset(_WORDS_OF_DOCUMENTS.split())
"""Passwords of documents; `tiger` is that of Oracle's account `scott` since its second release."""
_METAVARIABLE = re.compile(r"[A-Z][A-Z_\-]*(?:PASS|PASSWORD|PWD|SECRET|TOKEN|KEY)[A-Z_\-]*|\[.*|<.*|\.{2,}")


def is_documented(text: str) -> bool:
    """Whether a password is that of a document, or the name of what to put in its place."""
    return text.lower() in _DOCUMENTATION or _METAVARIABLE.fullmatch(text) is not None


@validator("quoted_password")
def quoted_password(match_text: str) -> float | bool:
    """A literal in quotes where a call or statement takes a password."""
    return False if is_documented(match_text) else secret_literals.quoted_password(match_text)


@validator("mixed_password")
def mixed_password(match_text: str) -> float | bool:
    """As `quoted_password`, where other arguments are as likely: letters with digits or signs only."""
    score = quoted_password(match_text)
    return score if score and secret_literals.mixes_kinds(match_text) else False


@validator("argument_password")
def argument_password(match_text: str) -> float | bool:
    """The argument of an option or directive that takes a password: any literal, words too."""
    text = match_text.strip("\"'")
    if len(text) < 3 or text.startswith("-") or _SHELL.match(text) or _PORT_OR_SIZE.fullmatch(text):
        return False
    if is_expression(text):
        return False
    if is_written_literal(text, quoted=True) and not is_documented(text) and not secret_literals.is_reference(text):
        return 0.75 if secret_literals.mixes_kinds(text) else 0.5
    if is_template(text) or is_masked(text) or is_placeholder(text) or is_documented(text):
        return False
    if secret_literals.is_reference(text) or (is_code(text) and not secret_literals.mixes_kinds(text)):
        return False
    if text.lower() in secret_literals.STATES or text.lower() in spoken_words.STOP:
        return False
    return 0.75 if secret_literals.mixes_kinds(text) else 0.5


@validator("issued_key")
def issued_key(match_text: str) -> float | bool:
    """A value that takes the place of a token or key: random-looking, which is what tells it from names and code."""
    return secret_literals.issued_key(match_text)


@validator("vendor_value")
def vendor_value(match_text: str) -> float | bool:
    """A value beside the name of a vendor: random-looking, and of the length of an issued key."""
    return secret_literals.issued_key(match_text, shortest=secret_literals.LONG_KEY)


@validator("url_password")
def url_password(match_text: str) -> float | bool:
    """The password of a URL or connection string, weak ones too, or a token in the user's place."""
    literal = is_written_literal(match_text, quoted=True)
    if is_expression(match_text):
        return False
    if not literal and (
        is_template(match_text) or is_masked(match_text) or is_code(match_text) or _SHELL.match(match_text)
    ):
        return False
    if is_documented(match_text) or (is_stand_in(match_text) and "secret" not in match_text.lower()):
        return False
    return 0.85


@validator("user_and_password")
def user_and_password(match_text: str) -> float | bool:
    """`user:password`; either may be empty, as where a token is given as the user."""
    user, _, password = match_text.replace('"', "").replace("'", "").partition(":")
    secret = password or user
    if not secret or url_password(secret) is False or is_template(match_text) or is_template(user):
        return False
    # `host:port`, `file:line`
    return False if password.isdigit() and len(password) < 6 else 0.85


@validator("account_password")
def account_password(match_text: str) -> float | bool:
    """What stands beside a user's name where people write down accounts: plain words too, but not those of prose."""
    text = match_text.strip("\"'`*.,;:")
    if is_template(text) or is_placeholder(text) or secret_literals.is_reference(text) or is_documented(text):
        return False
    if text.lower() in spoken_words.STOP or text.lower() in secret_literals.STATES or "/" in text:
        return False
    if is_expression(text):
        return False
    spoken = spoken_words.password_score(text)
    if spoken:
        return spoken
    return secret_literals.WEAK if text.islower() and text.isalpha() and len(text) >= 5 else False


@validator("spoken_password")
def spoken_password(match_text: str) -> float | bool:
    """What a sentence gives as the password; ordinary words are the rest of the sentence."""
    return spoken_words.password_score(match_text)


@validator("listed_password")
def listed_password(match_text: str) -> float | bool:
    """What follows an address and a colon: letters with digits or signs; a port, a file or a word is no password."""
    digits, letters = any(map(str.isdigit, match_text)), any(map(str.isalpha, match_text))
    if not letters or not (digits or re.search(r"[!#$%^&*?]", match_text)) or re.search(r"\.[a-z]{2,4}\Z", match_text):
        return False
    return spoken_words.password_score(match_text) or False


@validator("security_answer")
def security_answer(match_text: str) -> float | bool:
    """The answer to a question that resets an account; what forms and advice say of it is none."""
    text = match_text.strip("\"' ")
    first = text.split()[0].lower() if text else ""
    if len(text) < 3 or is_placeholder(text) or first in spoken_words.STOP or len(text.split()) > 4:
        return False
    return 0.55


@validator("pin")
def pin(match_text: str) -> float | bool:
    """A PIN or one-time code; years and round numbers are dates and counts more often."""
    return 0.6 if not re.fullmatch(r"(?:19|20)\d\d|\d0{3,}", match_text) else 0.45
