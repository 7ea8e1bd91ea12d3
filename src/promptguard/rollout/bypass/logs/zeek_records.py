"""What the records of Zeek's logs say, however they are written.

https://docs.zeek.org/en/current/script-reference/log-files.html: `conn`, `dns`, `http`, `quic` and `ssl`. Connections
of `ssl` and `quic` stand in `conn`, too, where they have addresses alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from promptguard.rollout.bypass.networks import parsed
from promptguard.rollout.bypass.observations import (
    Answer,
    Connection,
    Observation,
    Query,
    day_of_epoch,
    day_of_iso,
    way_of,
)
from promptguard.rollout.bypass.ways import Way

type Record = Mapping[str, Any]
"""Fields by their names; those that are not set are missing or None."""

_UNANSWERED: Final = frozenset({"S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR"})
"""States of connections that the other side did not take up: refused, or filtered."""
_KINDS: Final = frozenset({"A", "AAAA", "HTTPS"})


def observations_of(path: str, record: Record) -> Iterable[Observation]:
    """What a record says; nothing for one of a log that tells nothing here.

    Args:
        path: the log's name, such as `conn`.

    Raises:
        ValueError: a field is missing or has no such value.
    """
    reading = _READINGS.get(path)
    return reading(record) if reading else ()


def path_of(record: Record) -> str:
    """The log that a record is of, by its fields: JSON names it only in some settings. Empty for others."""
    if path := record.get("_path"):
        return str(path)
    return next((path for path, fields in _FIELDS.items() if fields <= record.keys()), "")


_FIELDS: Final = {
    "conn": {"conn_state", "proto"},
    "dns": {"query", "qtype_name"},
    "http": {"trans_depth"},
    "quic": {"client_initial_dcid"},
    "ssl": {"server_name", "established"},
}


def _connection(record: Record, way: Way | None, host: str = "") -> Connection:
    return Connection(_day(record), _text(record, "id.orig_h"), str(record.get("id.resp_h") or ""), way, host)


def _of_conn(record: Record) -> Iterator[Observation]:
    if record.get("conn_state") not in _UNANSWERED:
        yield _connection(record, way_of(_text(record, "proto"), int(record.get("id.resp_p") or 0)))


def _of_dns(record: Record) -> Iterator[Observation]:
    host = record.get("query")
    if not host or record.get("rejected") in (True, "T") or record.get("qtype_name") not in _KINDS:
        return
    answers = record.get("answers") or ()
    addresses = [text for each in answers if _is_address(text := str(each))]
    if str(record.get("rcode_name") or "NOERROR") == "NOERROR" and not any(map(_is_nowhere, addresses)):
        yield Query(_day(record), _text(record, "id.orig_h"), str(host))
        for address in addresses:
            yield Answer(str(host), address)


def _of_http(record: Record) -> Iterator[Observation]:
    host = str(record.get("host") or "")
    if record.get("method") == "CONNECT":
        target = str(record.get("uri") or host)
        yield _connection(record, Way.OTHER_PROXY, target)
    elif int(record.get("id.resp_p") or 0) == 80:
        yield _connection(record, Way.HTTP, host)


def _of_quic(record: Record) -> Iterator[Observation]:
    yield _connection(record, way_of("udp", int(record.get("id.resp_p") or 0)), str(record.get("server_name") or ""))


def _of_ssl(record: Record) -> Iterator[Observation]:
    if record.get("established") not in (False, "F"):
        port = int(record.get("id.resp_p") or 0)
        yield _connection(record, way_of("tcp", port), str(record.get("server_name") or ""))


_READINGS: Final[Mapping[str, Callable[[Record], Iterable[Observation]]]] = {
    "conn": _of_conn,
    "dns": _of_dns,
    "http": _of_http,
    "quic": _of_quic,
    "ssl": _of_ssl,
}


def _text(record: Record, field: str) -> str:
    value = record.get(field)
    if not isinstance(value, str):
        raise ValueError(f"no field {field}")
    return value


def _day(record: Record) -> str:
    time = record.get("ts")
    if time is None:
        return ""
    if isinstance(time, str) and "T" in time:
        return day_of_iso(time)
    if not isinstance(time, str | int | float):
        raise ValueError("ts is no time")
    return day_of_epoch(time)


def _is_address(text: str) -> bool:
    try:
        parsed(text)
    except ValueError:
        return False
    return True


def _is_nowhere(address: str) -> bool:
    return parsed(address).is_unspecified
