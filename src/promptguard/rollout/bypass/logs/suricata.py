"""Suricata's EVE log: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html, an object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from promptguard.rollout.bypass.logs.interface import LineFormat
from promptguard.rollout.bypass.observations import Answer, Connection, Observation, Query, day_of_iso, way_of
from promptguard.rollout.bypass.ways import Way

type _Object = Mapping[str, Any]

_KINDS: Final = frozenset({"A", "AAAA", "HTTPS"})


class Suricata(LineFormat):
    """Events `tls`, `quic`, `http`, `dns` and `flow`."""

    title = "Suricata EVE log"

    def read(self, line: str) -> Iterable[Observation] | None:
        """See `LineFormat.read`."""
        if not line.startswith("{") or '"event_type"' not in line:
            return None
        event = orjson.loads(line)
        kind = event.get("event_type")
        reading = _READINGS.get(kind) if isinstance(kind, str) else None
        return reading(event, _inner(event, str(kind))) if reading else ()


def _of_tls(event: _Object, tls: _Object) -> Iterator[Observation]:
    yield _connection(event, way_of("tcp", _port(event)), str(tls.get("sni") or ""))


def _of_quic(event: _Object, quic: _Object) -> Iterator[Observation]:
    yield _connection(event, way_of("udp", _port(event)), str(quic.get("sni") or ""))


def _of_http(event: _Object, http: _Object) -> Iterator[Observation]:
    host = str(http.get("hostname") or "")
    if http.get("http_method") == "CONNECT":
        yield _connection(event, Way.OTHER_PROXY, host)
    elif _port(event) == 80:
        yield _connection(event, Way.HTTP, host)


def _of_flow(event: _Object, flow: _Object) -> Iterator[Observation]:
    if flow.get("pkts_toclient") != 0:  # somebody has answered
        yield _connection(event, way_of(str(event.get("proto")).lower(), _port(event)))


def _of_dns(event: _Object, dns: _Object) -> Iterator[Observation]:
    """Versions 1 to 3 of the event: what is asked stands in it, or in a list of it."""
    if dns.get("type") in ("query", "request"):
        for asked in _objects(dns.get("queries")) if "queries" in dns else [dns]:
            if asked.get("rrtype") in _KINDS and asked.get("rrname"):
                yield Query(_day(event), _address(event, "src_ip"), str(asked["rrname"]))
        return
    asked = next(iter(_objects(dns.get("queries"))), dns)
    host = str(asked.get("rrname") or "")
    grouped = dns.get("grouped")
    given = [each.get("rdata") for each in _objects(dns.get("answers")) if each.get("rrtype") in ("A", "AAAA")]
    if isinstance(grouped, Mapping):
        given += [address for kind in ("A", "AAAA") for address in grouped.get(kind) or ()]
    for address in dict.fromkeys(map(str, given)):
        if host:
            yield Answer(host, address)


_READINGS: Final[Mapping[str, Callable[[_Object, _Object], Iterable[Observation]]]] = {
    "dns": _of_dns,
    "flow": _of_flow,
    "http": _of_http,
    "quic": _of_quic,
    "tls": _of_tls,
}


def _connection(event: _Object, way: Way | None, host: str = "") -> Connection:
    return Connection(_day(event), _address(event, "src_ip"), str(event.get("dest_ip") or ""), way, host)


def _inner(event: _Object, kind: str) -> _Object:
    found = event.get(kind)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Any) -> list[_Object]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _address(event: _Object, field: str) -> str:
    value = event.get(field)
    if not isinstance(value, str):
        raise ValueError(f"no field {field}")
    return value


def _port(event: _Object) -> int:
    return int(event.get("dest_port") or 0)


def _day(event: _Object) -> str:
    time = event.get("timestamp")
    return day_of_iso(time) if isinstance(time, str) else ""
