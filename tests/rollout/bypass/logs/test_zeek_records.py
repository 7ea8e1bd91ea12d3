from __future__ import annotations

from typing import Any

import pytest

from promptguard.rollout.bypass.logs.zeek_records import observations_of, path_of
from promptguard.rollout.bypass.observations import Answer, Connection, Query
from promptguard.rollout.bypass.ways import Way

DAY = "2026-11-29"
HEAD = {"ts": 1795950000.25, "uid": "C1", "id.orig_h": "10.0.0.5", "id.orig_p": 50123, "id.resp_h": "192.0.2.7"}
SEEN = Connection(DAY, "10.0.0.5", "192.0.2.7", Way.TLS, "chatgpt.com")
QUERY = Query(DAY, "10.0.0.5", "chatgpt.com")
DNS = {"query": "chatgpt.com", "qtype_name": "A", "rcode_name": "NOERROR"}


def record(port: Any = 443, **fields: Any) -> dict[str, Any]:
    return {**HEAD, "id.resp_p": port, **fields}


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("ssl", record(server_name="chatgpt.com", established=True), [SEEN]),
        ("ssl", record("443", server_name="chatgpt.com", established="T"), [SEEN]),
        ("ssl", record(server_name="chatgpt.com", established="F"), []),
        ("ssl", record(8443, server_name="chatgpt.com"), [SEEN._replace(way=None)]),
        ("ssl", record(established=True), [SEEN._replace(host="")]),
        ("quic", record(server_name="chatgpt.com", client_initial_dcid="ab"), [SEEN._replace(way=Way.QUIC)]),
        ("conn", record(proto="udp", conn_state="SF"), [SEEN._replace(way=Way.QUIC, host="")]),
        ("conn", record(proto="tcp", conn_state="S1"), [SEEN._replace(host="")]),
        ("conn", record(proto="tcp", conn_state="REJ"), []),
        ("conn", record(proto="udp", conn_state="S0"), []),
        ("conn", record(22, proto="tcp", conn_state="SF"), [SEEN._replace(way=None, host="")]),
        ("http", record(80, method="GET", host="chatgpt.com"), [SEEN._replace(way=Way.HTTP)]),
        ("http", record(3128, method="CONNECT", uri="chatgpt.com:443", host="chatgpt.com"),
         [SEEN._replace(way=Way.OTHER_PROXY, host="chatgpt.com:443")]),
        ("dns", record(53, **DNS, answers=["edge.example", "192.0.2.7", "2001:db8::7"]),
         [QUERY, Answer("chatgpt.com", "192.0.2.7"), Answer("chatgpt.com", "2001:db8::7")]),
        ("dns", record(53, **DNS), [QUERY]),
        ("dns", record(53, **DNS, answers=["0.0.0.0"]), []),
        ("dns", record(53, **{**DNS, "rcode_name": "NXDOMAIN"}), []),
        ("dns", record(53, **{**DNS, "qtype_name": "TXT"}), []),
        ("dns", record(53, **DNS, rejected="T"), []),
        ("files", record(), []),
        ("ssl", {**record(server_name="chatgpt.com"), "ts": "2026-11-29T10:00:00.1Z"}, [SEEN]),
        ("ssl", {**record(server_name="chatgpt.com"), "ts": None}, [SEEN._replace(day="")]),
    ],
)  # fmt: skip
def test_what_a_record_says(path: str, fields: dict[str, Any], said: list[object]) -> None:
    assert list(observations_of(path, fields)) == said


@pytest.mark.parametrize("fields", [{"id.orig_h": None}, {"ts": "soon"}, {"ts": 1e300}, {"ts": []}, {"id.resp_p": "x"}])
def test_damaged_records_are_told(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(observations_of("ssl", {**record(server_name="chatgpt.com"), **fields}))


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("ssl", record(server_name="chatgpt.com", established=True)),
        ("quic", record(server_name="chatgpt.com", client_initial_dcid="ab", version="1")),
        ("conn", record(proto="udp", conn_state="SF")),
        ("http", record(method="GET", trans_depth=1)),
        ("dns", record(proto="udp", **DNS)),
        ("", record()),
        ("weird", record(_path="weird")),
    ],
)
def test_the_log_that_a_record_is_of(path: str, fields: dict[str, Any]) -> None:
    assert path_of(fields) == path
