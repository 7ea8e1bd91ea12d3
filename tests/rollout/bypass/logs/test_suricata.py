from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.rollout.bypass.inputs import read

from promptguard.rollout.bypass.logs.suricata import Suricata
from promptguard.rollout.bypass.observations import Answer, Connection, Query
from promptguard.rollout.bypass.ways import Way

DAY = "2026-11-29"
TLS = Connection(DAY, "10.0.0.5", "192.0.2.7", Way.TLS, "chatgpt.com")
QUERY = Query(DAY, "10.0.0.5", "chatgpt.com")
ASKED = {"rrname": "chatgpt.com", "rrtype": "A"}
ADDRESS = {"rrname": "edge.example", "rrtype": "A", "rdata": "192.0.2.7"}


def event(kind: str, inner: Any = None, port: int = 443, **more: Any) -> str:
    head = {"timestamp": f"{DAY}T12:00:00.000000+0100", "event_type": kind, "src_ip": "10.0.0.5", "dest_port": port}
    return orjson.dumps({**head, "dest_ip": "192.0.2.7", "proto": "TCP", kind: inner, **more}).decode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (event("tls", {"sni": "chatgpt.com"}), [TLS]),
        (event("tls", {"subject": "CN=x"}), [TLS._replace(host="")]),
        (event("tls", {"sni": "chatgpt.com"}, port=8443), [TLS._replace(way=None)]),
        (event("quic", {"sni": "chatgpt.com"}), [TLS._replace(way=Way.QUIC)]),
        (event("http", {"hostname": "chatgpt.com", "http_method": "GET"}, port=80), [TLS._replace(way=Way.HTTP)]),
        (event("http", {"hostname": "chatgpt.com", "http_method": "GET"}, port=8080), []),
        (event("http", {"hostname": "chatgpt.com", "http_method": "CONNECT"}, port=3128),
         [TLS._replace(way=Way.OTHER_PROXY)]),
        (event("flow", {"pkts_toclient": 3}, proto="UDP"), [TLS._replace(way=Way.QUIC, host="")]),
        (event("flow", {"pkts_toclient": 0}), []),
        (event("dns", {"type": "query", **ASKED}), [QUERY]),
        (event("dns", {"type": "query", "rrname": "chatgpt.com", "rrtype": "TXT"}), []),
        (event("dns", {"version": 3, "type": "request", "queries": [ASKED]}), [QUERY]),
        (event("dns", {"version": 2, "type": "answer", **ASKED, "answers": [ADDRESS], "grouped": {"A": ["192.0.2.8"]}}),
         [Answer("chatgpt.com", "192.0.2.7"), Answer("chatgpt.com", "192.0.2.8")]),
        (event("dns", {"version": 3, "type": "response", "queries": [ASKED], "answers": [ADDRESS]}),
         [Answer("chatgpt.com", "192.0.2.7")]),
        (event("dns", "no object"), []),
        (event("alert", {"signature": "x"}), []),
        (event("tls", {"sni": "chatgpt.com"}, timestamp=None), [TLS._replace(day="")]),
    ],
)  # fmt: skip
def test_what_an_event_says(line: str, said: list[object]) -> None:
    assert read(Suricata, [line]) == said


@pytest.mark.parametrize(
    "line",
    ['{"event_type": ', event("tls", {}, src_ip=7), event("tls", {}, dest_port="x"), event("tls", {}, timestamp="x")],
)
def test_damaged_events_are_told(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(Suricata, [line])


def test_lines_of_others_are_not_taken() -> None:
    assert Suricata().read('{"ts": 1, "id.orig_h": "10.0.0.5"}') is None
    assert Suricata().read("tls") is None
