"""Lines of access and authentication logs: who came from where and did what, when.

A detector of its own, not a recognizer: what a line is says the whole line, and how sure that is say the lines around
it, more than a window of the pattern detector holds. What is found in such a line is what identifies somebody
(`fields`), so that the question around it and the shape of the log stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.access_logs.fields import ADDRESS, FROM_HOST, HOST_FIELD, USER_FIELD, identifying_fields
from promptguard.detectors.code_version import code_version
from promptguard.detectors.interface import Detector, DetectorFactory, find_in_each
from promptguard.model import DataClass, Match, Segment

RUN_SCORE = 0.9
"""Two lines or more that follow each other."""
SINGLE_SCORE = 0.5
"""One line alone may be an example in a question."""
THREAD_CHARACTERS = 20_000
"""Texts longer than this together are searched in a thread: about a millisecond's work."""
MAX_LINE_LENGTH = 8_192
"""Characters of one line that are looked at. Web servers cut longer request lines themselves."""

_IPV4 = r"(?:\d{1,3}\.){3}\d{1,3}"
_IPV6 = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?"
_HOST = rf"(?:{_IPV4}|\[?{_IPV6}\]?|[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,8}})"

_COMMON = re.compile(
    rf"""
    (?:\S{{1,255}}[ ])?                                   # the virtual host, where it is logged first
    {_HOST}(?::\d{{1,5}})?[ ]\S{{1,255}}[ ]\S{{1,255}}[ ]
    \[\d{{1,2}}/[A-Z][a-z]{{2}}/\d{{4}}:\d\d:\d\d:\d\d[^\]]{{0,16}}\][ ]
    "(?:[A-Z]{{3,10}}[ ][^"]{{0,8000}}|-)"[ ](?:\d{{3}}|-)
    """,
    re.VERBOSE,
)
"""Common and combined log format: httpd.apache.org/docs/current/logs.html, nginx's `combined`."""

_SYSLOG = re.compile(
    r"""
    (?:<\d{1,3}>)?
    (?: 1[ ]\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:\d\d)[ ]\S{1,255}[ ]\S{1,48}[ ]\S{1,128}[ ]   # RFC 5424 6
      | [A-Z][a-z]{2}[ ][ \d]\d[ ]\d\d:\d\d:\d\d[ ]\S{1,255}[ ][\w./()-]{1,48}(?:\[\d{1,10}\])?:[ ]  # RFC 3164 4.1
      | \d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)[ ]\S{1,255}[ ][\w./()-]{1,48}(?:\[\d{1,10}\])?:[ ]
    )
    """,
    re.VERBOSE,
)

_TIME = re.compile(
    r"""
    \d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d | \d{1,2}/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d
    | [A-Z][a-z]{2}[ ]{1,2}\d{1,2}[ ]\d\d:\d\d:\d\d
    | \b(?:ts|time|timestamp|@timestamp|date|eventTime|datetime)\\?"?[=:][ ]?\\?"?\d{4,13}
    """,
    re.VERBOSE,
)
_REQUEST = re.compile(
    r"""(?x)
      \b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|PROPFIND)\\?"?,?[ ].{0,40}?/
    | \b(?:path|uri|url|request|request_?uri|cs-uri-stem|endpoint|target)\\?"?[=:][ ]?\\?"?(?:[A-Z]{3,10}[ ])?(?:https?://|/)
    """
)
_SIGN_IN = re.compile(
    r"""(?ix)
      \b(?:accepted|failed|invalid|illegal)\ (?:password|publickey|keyboard-interactive\S*|none|user)\b
    | \b(?:session|connection)\ (?:opened|closed|reset|from)\b | \blogged\ (?:in|out|on|off)\b
    | \blog(?:in|on)\ (?:succe|fail) | \bauthenticat(?:ion|ed)\b | \bfor\ (?:invalid\ )?user\ \S+
    """
)


class AccessLogDetector(Detector):
    """Finds in the lines of access logs the fields that identify somebody."""

    id = "access_logs"
    version = code_version()

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`."""
        return await find_in_each(segments, find_access_logs, in_loop=THREAD_CHARACTERS)


def find_access_logs(text: str) -> Iterator[Match]:
    """What identifies somebody in the lines of access logs in `text`, in order.

    Lines follow each other also where empty lines and lines of a stack trace stand in between.
    """
    if not _may_hold_logs(text):
        return
    run: list[tuple[int, int]] = []
    gap = 0
    for line_start, line_end in _lines(text):
        line = text[line_start : min(line_end, line_start + MAX_LINE_LENGTH)]
        if is_access_log_line(line):
            run.append((line_start, line_end))
            gap = 0
        elif run and line.strip():
            gap += 1
            if gap > 1 or not _continues(line):
                yield from _matches(text, run)
                run, gap = [], 0
    yield from _matches(text, run)


def is_access_log_line(line: str) -> bool:
    """Whether a line tells an address together with a user, a session or a requested path, at a time."""
    line = line.strip(" \t>|`")
    if len(line) < 24 or not _may_tell_host(line):
        return False
    if _COMMON.match(line):
        return True
    has_address = ADDRESS.search(line) is not None
    if _SYSLOG.match(line):
        return (has_address or FROM_HOST.search(line) is not None) and bool(
            _SIGN_IN.search(line) or USER_FIELD.search(line) or _REQUEST.search(line)
        )
    if not (has_address or HOST_FIELD.search(line)) or not _TIME.search(line):
        return False
    return USER_FIELD.search(line) is not None or _REQUEST.search(line) is not None


_CLOCKS = tuple(re.compile(rf"{sign}(?:\d\d:\d\d| ?\\?\"?\d{{10}})") for sign in ":=")
"""Minutes and seconds, or seconds since 1970: every log line has either. One for each sign that may stand before them:
a single character is looked for many times faster than one of two."""
_HINTS = (
    re.compile(r"\.\d{1,3}\.\d{1,3}\.\d"),
    re.compile(r"/\d{4}:\d\d:"),
    re.compile(
        rf":(?:{'|'.join(rf'(?<=(?<![0-9A-Za-z_:])[0-9A-Fa-f]{{{length}}}:)' for length in range(1, 5))})"
        r"[0-9A-Fa-f]{1,4}::?[0-9A-Fa-f]"
    ),
)
"""Of IPv4 addresses, of the time in the common log format, of IPv6 addresses. They begin with a plain character each,
so that looking for them costs little."""
_HOST_HINTS = ("from ", "client", "remote", "source", "src", "peer", "rhost")
_CLIENT_FIELD = re.compile(r"c(?:[_.\-=:\"\\]|ip|addr|host)")
"""Of W3C extended logs: `c-ip`."""


def _may_hold_logs(text: str) -> bool:
    """A first look that clean prose does not pass: a time, and something like an address or a field of a host."""
    return any(clock.search(text) for clock in _CLOCKS) and _may_tell_host(text)


def _may_tell_host(text: str) -> bool:
    """Whether something in `text` looks like an address or a field that holds one; spares most lines a closer look."""
    if any(hint.search(text) for hint in _HINTS):
        return True
    lowered = text.lower()
    return any(hint in lowered for hint in _HOST_HINTS) or _CLIENT_FIELD.search(lowered) is not None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    size = len(text)
    while start < size:
        end = text.find("\n", start)
        if end < 0:
            end = size
        yield start, end - 1 if end > start and text[end - 1] == "\r" else end
        start = end + 1


def _continues(line: str) -> bool:
    """Whether a line belongs to the one above it: indented, as traces and wrapped fields are."""
    return line[0] in " \t"


def _matches(text: str, run: Sequence[tuple[int, int]]) -> Iterator[Match]:
    score = RUN_SCORE if len(run) > 1 else SINGLE_SCORE
    for line_start, line_end in run:
        for start, end in identifying_fields(text[line_start:line_end]):
            yield Match(
                line_start + start, line_start + end, "ACCESS_LOG", score, "AccessLogDetector", DataClass.ACCESS_LOGS
            )


FACTORY = DetectorFactory(AccessLogDetector.id, lambda _: AccessLogDetector(), frozenset({"ACCESS_LOG"}))
