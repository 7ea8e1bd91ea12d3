"""Passwords whose signs look like code or templates: `x(yZ7)q`, `$ummer24`, `100%sure`, `{curly}7x`."""

from __future__ import annotations

import re

from promptguard.detectors.secrets.dummy_values import is_masked, is_stand_in, words
from promptguard.detectors.stems import word_set

MIN_LENGTH = 5
MAX_LENGTH = 64

_INSERTED = re.compile(r"\$\{|\{\{|\}\}|%\(|<%|\$\(|#\{|\{%|\[\[|%[a-z]%|%s\b|%[-+#]?\d*(?:[sd]|l{0,2}[uxX])(?![^\W_])")
"""What a template engine or a shell replaces, wherever it stands."""
_WRAPPED = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|%\w+%|__\w+__|\$[A-Z_][A-Z\d_]*|\(.*\)")
_EXPRESSION = re.compile(
    r"(?:process|os|sys|env|environ|config|settings|self|this|params|args|opts|options|request|req|res|ctx|props|state"
    r"|secrets|vars|github|inputs|data|local|module|form|values|body|event|target|new|await|return)"
    r"[.\[(]|(?:vault|ssm|op|env|file|secretsmanager|arn|keyvault|doppler|sops|https?|ftp|urn|ref):"
)
_CALL = re.compile(
    r"[A-Za-z_][\w.]*\((?:[A-Za-z_][\w.]*|[\"'].*|\d+)?(?:,.*)?\)[;,]?|[A-Za-z_][\w.]*\[[\"'\w.]*\][;,]?"
)
"""A whole call or subscript; a password goes on after the bracket."""
_VARIABLE = re.compile(r"[$@&:%][A-Za-z_][\w.\-]*")
_GENERIC = re.compile(r"[A-Za-z_][\w.]*<[\w., ]*>|[A-Za-z_]\w*(?:(?:->|::|\.)[A-Za-z_]\w*)+")
"""`List<str>`, `this->name`, `std::string`."""
_NUMBERED = re.compile(r"[a-z]+\.[a-z]+\d+")
_AFTER_BRACKET = re.compile(r"[)\]}>][^\W_]")
_STRONG_SIGN = re.compile(r"[!#^*+~?=|\\$@&%{}\[\]()<>]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_OF_PROGRAMS = word_set(
    "pass password passwd passwort passphrase pwd pw secret token key keys api auth user username login name id db"
    " database root admin mysql postgres pg redis smtp mail ftp ssh aws azure gcp arg args var val value param env conf"
    " config item field data str string foo bar baz test"
)
"""Words that variables are named with."""


_CODE_OR_SEALED = re.compile(
    # a value that SOPS encrypted; a chain of calls, as schemas are written; an address in a format string
    r"ENC\[\w+,?|[A-Za-z_$][\w$]*(?:\.[\w$]+)*\([^()]*\)(?:\.[\w$]+\([^()]*\))+[;,]?$|0x%0?\d*l{0,2}[xX]"
)


def is_code_or_sealed(value: str) -> bool:
    """Whether a value is a chain of calls, a format string's address, or what a tool has encrypted."""
    return _CODE_OR_SEALED.match(value) is not None


def is_written_literal(value: str, *, quoted: bool) -> bool:
    """Whether a value can only be meant as it is written, whatever its signs look like.

    Args:
        value: what stands where a password stands.
        quoted: it has quotation marks around it, or stands where only literals can; else it may be code.
    """
    core = value.strip(".…") if value.startswith("...") or value.endswith("...") else value
    if not MIN_LENGTH <= len(core) <= MAX_LENGTH or " " in core or is_masked(core):
        return False
    if (
        _CODE_OR_SEALED.match(core)
        or _INSERTED.search(core)
        or _WRAPPED.fullmatch(core)
        or _EXPRESSION.match(core)
        or is_stand_in(core)
    ):
        return False
    letter, digit = any(map(str.isalpha, core)), any(map(str.isdigit, core))
    if not letter or (core != value and not _STRONG_SIGN.search(core)):
        return False
    if not digit:
        return _are_odd(core)
    if _VARIABLE.fullmatch(core) or (_GENERIC.fullmatch(core) and not quoted):
        return _is_no_variable(core, quoted) and not _names_something(core)
    if quoted:
        named = _names_something(core) and not _NUMBERED.fullmatch(core)
        return not named or _STRONG_SIGN.search(core) is not None
    whole = _CALL.fullmatch(core) is not None and not core.endswith(";")
    return not whole and (_are_odd(core) or _STRONG_SIGN.search(core) is not None)


def _is_no_variable(value: str, quoted: bool) -> bool:
    """Whether a variable would have another form there: `$ummer24` in a sentence has a small letter and a number."""
    return quoted or (value[0] == "$" and value[1:2].islower())


def _names_something(value: str) -> bool:
    return any(word in _OF_PROGRAMS for word in words(value))


def _are_odd(value: str) -> bool:
    """Whether its brackets do not fit each other, or letters go on right after one."""
    if _AFTER_BRACKET.search(value):
        return True
    opened: list[str] = []
    for character in value:
        if character in "([{":
            opened.append(character)
        elif character in ")]}" and (not opened or opened.pop() != _PAIRS[character]):
            return True
    return False
