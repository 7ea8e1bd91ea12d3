"""What a line of a log says.

Days are those of UTC where the log tells an instant, else as written; empty for unknown.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from promptguard.rollout.bypass.ways import Way


class Connection(NamedTuple):
    """A machine has reached another one."""

    day: str
    """Such as 2026-11-29."""
    source: str
    """The address of the machine, as written."""
    target: str
    """The address that it has reached; empty where the log does not tell."""
    way: Way | None
    """None for one that leads past nothing, and may yet lead to the proxy."""
    host: str = ""
    """The name that the machine has called it by; empty where only addresses are known."""


class Query(NamedTuple):
    """A machine has asked for a name, and was not refused it."""

    day: str
    source: str
    host: str


class Answer(NamedTuple):
    """A name has an address."""

    host: str
    address: str


type Observation = Connection | Query | Answer

_WAYS: Final = {
    ("udp", 443): Way.QUIC,
    ("tcp", 443): Way.TLS,
    ("tcp", 853): Way.ENCRYPTED_DNS,
    ("udp", 853): Way.ENCRYPTED_DNS,
}


def way_of(protocol: str, port: int) -> Way | None:
    """The way that a connection to a port is, by the protocol's name in small letters.

    HTTP/3 is on UDP port 443 (RFC 9114 3.1), HTTPS on TCP port 443 (RFC 9110 4.2.2), DNS over TLS on TCP port
    853 (RFC 7858 3.1), DNS over QUIC on UDP port 853 (RFC 9250 4.1.1).
    """
    return _WAYS.get((protocol, port))


def day_of_epoch(seconds: str | float) -> str:
    """The day in UTC of seconds since 1970.

    Raises:
        ValueError: it is no number, or one of no year that there is.
    """
    try:
        return _day_number(int(float(seconds) // 86_400))
    except OverflowError:
        raise ValueError(f"{seconds} is no time") from None


@lru_cache(maxsize=1_000)
def _day_number(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def day_of_iso(text: str) -> str:
    """The day in UTC of an instant as ISO 8601 has it; one without a zone counts as UTC.

    Raises:
        ValueError: it is none.
    """
    instant = datetime.fromisoformat(text)
    try:
        return (instant.astimezone(UTC) if instant.tzinfo else instant).date().isoformat()
    except OverflowError:
        raise ValueError(f"{text} is no time") from None
