"""What identifies somebody in a line of an access log: addresses, users, sessions, and tokens in requested URLs.

The rest of the line (time, method, path, status, size, agent) is what a question about it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

type Span = tuple[int, int]

_IPV4 = r"(?:\d{1,3}\.){3}\d{1,3}"
ADDRESS = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]/){_IPV4}(?![\w.]*\d)|(?<![\w:])(?:[0-9A-Fa-f]{{1,4}}:){{2,7}}(?::?[0-9A-Fa-f]{{1,4}})"
)
_CLOCK = re.compile(r"(?:\d{1,4}:){2,3}\d{1,4}")
"""`13:55:36`, `2025:13:55:36`: of an IPv6 address that is not shortened there are eight groups."""
_HOST_NAME = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
HOST_FIELD = re.compile(
    r"(?i)\b(?:client|remote|source|src|peer|rhost|c|client_?host|remote_?(?:host|addr))[_.-]?(?:ip|addr(?:ess)?|host)?"
    rf"\\?\"?[=:][ ]?\\?\"?(?P<value>{_HOST_NAME})"
)
FROM_HOST = re.compile(rf"(?:\bfrom |\brhost=)(?P<value>{_HOST_NAME})")
USER_FIELD = re.compile(
    r"""(?ix)
    \b(?:user|user_?name|user_?id|uid|login|account|acct|principal|subject|sub|actor|email|auth_?user|remote_?user|cs-username
       |session(?:_?id)?|sid|jsessionid)
    (?:\.(?:name|id|email))?\\?"?[=:][ ]?
    (?!\\?"?(?:null\b|none\b|-[\s"]|\s))
    (?: \\?"(?P<quoted>[^"\\\n]{1,255}) | (?P<value>[^\s"=\\,;&|(){}\[\]<>?]{1,255}) )
    """
)
_COMMON_TIME = re.compile(r" \[\d{1,2}/[A-Z][a-z]{2}/\d{4}:")
"""Of the common log format, before which stand host, identity and user."""
_SIGNED_IN = re.compile(
    r"""(?ix)\b(?:
        for\ (?:invalid\ |illegal\ )?user | (?:invalid|illegal|unknown)\ user
      | user(?=\ ['"]?[\w.@\\$+-]{1,64}(?:['"(]|\ (?:from|logged|connected|authenticated|signed|via)\b))
      | by(?=\ [\w.@\\$+-]{1,64}\(uid=)
      | (?:password|publickey|keyboard-interactive\S{0,20}|none|opened|closed)\ for
    )\ ['"]?(?!(?:user|invalid|illegal|from|by|has|is|was|not|logged|login|the|agent|session)\b)
    (?P<value>[\w.@\\$+-]{1,64})"""
)
_PARAMETER = re.compile(r"[?&;](?P<name>[\w.\[\]%-]{1,64})=(?P<value>[^&?\s\"'#;<>\\]{1,4096})")
_IDENTIFYING = re.compile(
    r"(?i)(?:.*[_.\[-])?(?:(?:access|refresh|id|csrf|xsrf|api|auth|bearer|reset|invite|session)?[_-]?"
    r"(?:token|key|session|session_?id|sid)|jsessionid|phpsessid|jwt|secret|sig(?:nature)?|hmac|password|passwd|pwd|pass"
    r"|otp|pin|code|nonce|user|user_?name|user_?id|uid|login|account|email|e-?mail|mail|phone|mobile|tel|customer"
    r"|customer_?id|client_?id|client|name|firstname|lastname|ip|addr(?:ess)?|iban|card|ssn|dob)\]?"
)
_ISSUED = re.compile(r"(?=[^\s/?&]{0,64}\d)(?=[^\s/?&]{0,64}[A-Za-z])[A-Za-z0-9_~.=%+-]{20,4096}")
"""A value that was issued to somebody: long, of letters and digits."""
_SEGMENT = re.compile(r"/(?P<value>[^/\s\"'?#<>\\]{1,4096})")
_OWNED = re.compile(
    r"(?i)/(?:users?|accounts?|customers?|clients?|members?|profiles?|people|patients?|employees?)/"
    r"(?!(?:me|self|new|all|list|search|login|logout|current|count|export|import)\b)(?P<value>[^/\s\"'?#<>\\]{1,255})"
)
_MACHINES = "root system daemon nobody www-data nginx apache postgres mysql anonymous guest none null 0"
_NOBODY = frozenset(_MACHINES.split())
"""Accounts of the machine."""
_LOCAL_NUMBER = re.compile(r"(?i)\buid\\?\"?[=:][ ]?\\?\"?\Z")
"""Before the number of an account within one machine: who that is, the rest of the line has to say."""
_MAX_LOCAL_DIGITS = 5
_MIN_WORD_SHARE = 0.7


def identifying_fields(line: str) -> list[Span]:
    """Where in a line of a log stands what identifies somebody, in order and without overlaps."""
    found: list[Span] = []
    for start, end in sorted(field for field in _all_fields(line) if line[slice(*field)].lower() not in _NOBODY):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return [] if all(_is_local_number(line, *field) for field in found) else found


def _is_local_number(line: str, start: int, end: int) -> bool:
    if end - start > _MAX_LOCAL_DIGITS or not line[start:end].isdigit():
        return False
    return _LOCAL_NUMBER.search(line, max(0, start - 8), start) is not None


def _all_fields(line: str) -> Iterator[Span]:
    for match in ADDRESS.finditer(line):
        if not _CLOCK.fullmatch(match[0]):
            yield match.span()
    for pattern in (HOST_FIELD, FROM_HOST, _SIGNED_IN, _OWNED):
        for match in pattern.finditer(line):
            yield match.span("value")
    for match in USER_FIELD.finditer(line):
        yield match.span("quoted" if match["quoted"] else "value")
    yield from _common_log(line)
    yield from _tokens(line)


def _common_log(line: str) -> Iterator[Span]:
    """Host and user of the common log format: `host identity user [time]`."""
    for time in _COMMON_TIME.finditer(line):
        user_start = line.rfind(" ", 0, time.start()) + 1
        identity_start = line.rfind(" ", 0, max(user_start - 1, 0)) + 1
        host_start = line.rfind(" ", 0, max(identity_start - 1, 0)) + 1
        if not 0 <= host_start < identity_start < user_start:
            continue
        host_start += len(line[host_start:identity_start]) - len(line[host_start:identity_start].lstrip(">|`\"'(["))
        host = line[host_start : identity_start - 1].partition(":")[0]
        if "." in host and ":" not in line[host_start : host_start + len(host)]:
            yield host_start, host_start + len(host)
        for start, end in ((identity_start, user_start - 1), (user_start, time.start())):
            if line[start:end].strip('-"'):
                yield start, end


def _tokens(line: str) -> Iterator[Span]:
    for match in _PARAMETER.finditer(line):
        value = match["value"]
        if _IDENTIFYING.fullmatch(match["name"]) or "@" in value or "%40" in value or _ISSUED.fullmatch(value):
            yield match.span("value")
    for match in _SEGMENT.finditer(line):
        if _ISSUED.fullmatch(match["value"]) and not _is_of_words(match["value"]):
            yield match.span("value")


def _is_of_words(segment: str) -> bool:
    """Whether a path's segment is a title: `how-to-bake-bread-in-2024`, `jquery-3.7.1.min.js`."""
    words = re.split(r"[-_.+]|%20", segment)
    letters = sum(len(word) for word in words if word.isalpha() or (word.isdigit() and len(word) < 5))
    return len(words) > 2 and letters >= _MIN_WORD_SHARE * (len(segment) - len(words) + 1)
