"""What a program puts where a secret stands, without quotation marks: `loginForm.password})`, `Hash::make($pw),`.

A value is read to the end of its line where its signs may be its own, so that what closes around it comes with it: the
brackets of an object, a call, a statement.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.secrets.dummy_values import words
from promptguard.detectors.secrets.secret_names import kind_of
from promptguard.detectors.stems import word_set

MAX_LENGTH: Final = 400

_CLOSERS: Final = r"[)\]};,]"
_NAME: Final = r"[A-Za-z_][A-Za-z_]*+\d{0,2}(?![A-Za-z\d])"
"""As programs name things: a number stands at the end."""
_STEP: Final = rf"(?:[?!]{{0,2}}+\.|[?!]{{0,2}}+->|::)\$?{_NAME}"
_SUBJECT: Final = rf"(?:(?:new|await|return|not)[ ])?[$@&*!]{{0,2}}+{_NAME}"

_MEMBER: Final = re.compile(rf"{_SUBJECT}(?:{_STEP})++[?!]{{0,2}}+(?P<closers>{_CLOSERS}*+)")
_VARIABLE: Final = re.compile(rf"{_SUBJECT}(?:[)\]}}]{{2}}{_CLOSERS}{{0,6}}+|[)\]}}];)")
"""`hashedPassword})`: what closes twice closes what a program has opened."""
_APPLIED: Final = re.compile(
    rf"(?P<callee>{_SUBJECT}(?:{_STEP})*+[?!]?)[ ]?"
    rf"(?:\((?P<arguments>[^\n]*)\)|\[(?P<subscript>[^\n]*)\])[?!]{{0,2}}+{_CLOSERS}*+"
)
"""A call or a subscript, to the end."""
_OWN: Final = re.compile(
    rf"(?:self|this|cls|exports|module|[a-z])(?:\.(?:[A-Z]?[a-z]+|[A-Z]+|\d{{1,3}}|_)++)++{_CLOSERS}*+",
)
_MEAN_WORD: Final = 3
"""Letters of the words of `n.pbe.generatePkcs12Key`, on average; those of random text are shorter."""
_ASSIGNED: Final = re.compile(r"(?:(?:this|self|[A-Za-z_$]{1,2})\.\w+=){2}.*")
"""`this.shiftKey=this.altKey=!1`"""
_NAMED: Final = re.compile(r"(?P<name>[A-Za-z]+(?:_[A-Za-z]+|(?<=[a-z])[A-Z][a-z]+)+)[)\]}'\";,]+")
"""`active_password)`: a name, and what closes around it."""
_ARGUMENT: Final = re.compile(rf"[\"'`$]|:\w|->|::|=>|{_NAME}\.{_NAME}|\w\(")
"""What stands between the brackets of a call, and hardly of a password."""
_CHAIN: Final = re.compile(r"[\w)\]](?:->|::)\$?[A-Za-z_]{3}|\)(?:\??\.)[A-Za-z_]\w*\(")
"""`x->member`, `Type::make`, `f(…).g(`: operators that no password has between words."""
_COMMAND: Final = re.compile(r"\([A-Z][A-Za-z]+-[A-Z][A-Za-z]+\)?")
"""PowerShell's `(Read-Host …)`, to the first space."""
_TYPE: Final = re.compile(
    r"(?:Big|Shared)?(?:U?[Ii]nt|Float|Utf|Base|Sha|Md|Char|Bytes?|Word|Hex|Vec)\d{1,3}(?:Clamped)?"
    r"(?:Array|String|Buffer|Digest|Hash|Ptr|View|List|Value|Slice|Vector|Bytes)(?:\[\])?"
)
"""`Uint8Array`, `Utf8String`: what a parameter is declared to be."""

_OF_PROGRAMS: Final = word_set(
    "pass password passwd passwort passphrase passcode pwd pw psk secret token key api auth login credential"
    " credentials user username form field input text value values val data body request req res response ctx"
    " state props params args opts options config cfg conf settings env model dto item row result obj object self"
    " this controller account hash hashed salt crypt bcrypt encrypt decrypt encode decode strdup str string get"
    " set make new default"
)
"""Words that members, variables and functions of programs are named with, where they have to do with secrets."""


def is_expression(value: str) -> bool:
    """Whether what stands without quotation marks where a secret would is an expression or a type of a program."""
    if len(value) > MAX_LENGTH:
        return False
    if _ASSIGNED.fullmatch(value) or _is_name_of_a_secret(value) or (_OWN.fullmatch(value) and _is_spelled(value)):
        return True
    if _CHAIN.search(value) or _COMMAND.fullmatch(value) or _TYPE.fullmatch(value):
        return True
    member = _MEMBER.fullmatch(value)
    if member or _VARIABLE.fullmatch(value):
        plain = not any(map(str.isdigit, value)) and (member is None or bool(member["closers"]) or value[0] in "$@&*!")
        return plain or _is_of_a_program(value)
    applied = _APPLIED.fullmatch(value)
    return applied is not None and _is_applied(applied)


def _is_name_of_a_secret(value: str) -> bool:
    named = _NAMED.fullmatch(value)
    return named is not None and kind_of(named["name"]) is not None


def _is_spelled(value: str) -> bool:
    letters = [word for word in words(value) if not word.isdigit()]
    return sum(map(len, letters)) >= _MEAN_WORD * len(letters)


def _is_applied(applied: re.Match[str]) -> bool:
    inside = applied["arguments"] if applied["arguments"] is not None else applied["subscript"]
    return not inside or _ARGUMENT.search(inside) is not None or _is_of_a_program(applied["callee"] + " " + inside)


def _is_of_a_program(value: str) -> bool:
    return any(word in _OF_PROGRAMS for word in words(value))
