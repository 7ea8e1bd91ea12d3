"""Splunk's HTTP Event Collector as a sink: what a collector on loopback receives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError
from tests.audit.forms.ocsf_schema import mistakes
from tests.audit.sinks.conftest import Authority, Collector

from promptguard.audit.sinks import http, splunk_hec
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.feed import Feed
from promptguard.audit.sinks.interface import SinkFailed
from promptguard.audit.sinks.splunk_hec import SplunkSink, SplunkSinkSettings

TOKEN = "0f0e" + "-aaaa-bbbb"


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


def make(collector: Collector, token: Path, **settings: Any) -> SplunkSink:
    given = {"kind": "splunk_hec", "url": collector.url, "token_file": token, **settings}
    return SplunkSink(SplunkSinkSettings(**given), token.parent)


def events_in(body: bytes) -> Iterator[dict[str, Any]]:
    """The JSON objects that stand one after the other in a body."""
    import json

    decoder, text, at = json.JSONDecoder(), body.decode(), 0
    while at < len(text):
        event, at = decoder.raw_decode(text, at)
        yield event


@pytest.mark.parametrize("compressed", [True, False])
def test_a_batch_of_events(collector: Collector, token_file: Path, records: list[Any], compressed: bool) -> None:
    said = make(collector, token_file, index="dlp", gzip=compressed).deliver(records)
    assert said == "HTTP 200, “Success”"
    ((path, headers, body),) = collector.received
    assert path == "/services/collector/event"
    assert headers["authorization"] == f"Splunk {TOKEN}"
    assert headers.get("content-encoding") == ("gzip" if compressed else None)
    events = list(events_in(body))
    assert [event["time"] for event in events] == [1772357400.0, 1772357401.0, 1772357402.0]
    assert {event["index"] for event in events} == {"dlp"}
    assert {event["sourcetype"] for event in events} == {"promptguard:finding"}
    assert [event["event"]["metadata"]["uid"] for event in events] == [record["id"] for record in records]
    assert [list(mistakes(event["event"])) for event in events] == [[], [], []]
    assert [event["fields"]["action"] for event in events] == ["allowed", "modified", "blocked"]
    assert events[2]["fields"]["object_category"] == ["EMAIL_ADDRESS"]


def test_large_batches_go_in_several_requests(
    collector: Collector, token_file: Path, records: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splunk_hec, "MAX_BODY", 3000)
    make(collector, token_file).deliver(records)
    assert len(collector.received) > 1
    ids = [event["event"]["metadata"]["uid"] for body in collector.bodies for event in events_in(body)]
    assert ids == [record["id"] for record in records]


def test_a_token_from_the_environment(
    collector: Collector, token_file: Path, records: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = make(collector, token_file, token_file=None, token_env="SIEM_TOKEN")
    with pytest.raises(SinkFailed, match="SIEM_TOKEN: there is no token"):
        sink.deliver(records)
    monkeypatch.setenv("SIEM_TOKEN", TOKEN)
    sink.deliver(records)
    assert collector.received[0][1]["authorization"] == f"Splunk {TOKEN}"


def test_events_count_once_they_are_indexed(
    collector: Collector, token_file: Path, records: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splunk_hec, "POLL_SECONDS", 0)
    taken: Any = (200, {"text": "Success", "code": 0, "ackId": 7})
    collector.replies = [taken, (200, {"acks": {"7": False}}), (200, {"acks": {"7": True}})]
    make(collector, token_file, acknowledge=True).deliver(records)
    (_, headers, _), *polls = collector.received
    channel = headers["x-splunk-request-channel"]
    assert [path for path, _, _ in polls] == [f"/services/collector/ack?channel={channel}"] * 2
    assert [orjson.loads(body) for _, _, body in polls] == [{"acks": [7]}] * 2
    monkeypatch.setattr(splunk_hec, "ACKNOWLEDGED_WITHIN_SECONDS", -1)
    collector.replies = [taken, (200, {"acks": {"7": False}})]
    with pytest.raises(SinkFailed, match="not indexed"):
        make(collector, token_file, acknowledge=True).deliver(records)


@pytest.mark.parametrize(
    ("reply", "said", "remedy"),
    [
        ((403, {"text": "Invalid token", "code": 4}), "HTTP 403, “Invalid token”", "knows no such token"),
        ((400, {"text": "Incorrect index", "code": 7}), "HTTP 400, “Incorrect index”", "`index`"),
        ((400, {"text": "Data channel is missing", "code": 10}), "HTTP 400", "`acknowledge: true`"),
        ((404, {}), "HTTP 404", "correct `url`"),
        ((503, {"text": "Server is busy", "code": 9}, {"Retry-After": "7"}), "HTTP 503", "busy"),
    ],
)
def test_what_is_refused_is_said_with_what_would_be_right(
    collector: Collector, token_file: Path, records: list[Any], reply: Any, said: str, remedy: str
) -> None:
    collector.reply = reply
    with pytest.raises(SinkFailed) as failed:
        make(collector, token_file).deliver(records)
    assert said in failed.value.problem and remedy in failed.value.remedy
    assert failed.value.retry_after == (7 if reply[0] == 503 else 0)
    assert TOKEN not in str(failed.value)


def test_tls_with_a_ca_of_ones_own(token_file: Path, records: list[Any], authority: Authority) -> None:
    collector = Collector()
    collector.start(authority.certificate)
    try:
        with pytest.raises(SinkFailed) as failed:
            make(collector, token_file).deliver(records)
        assert "`ca_file`" in failed.value.remedy and not collector.received
        make(collector, token_file, ca_file=authority.ca_file).deliver(records)
        assert len(collector.received) == 1
    finally:
        collector.stop()


def test_nothing_is_lost_over_outages_and_restarts(
    collector: Collector, token_file: Path, installation: Any, make_event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down, busy, up, restarted, down and up: each record arrives, in order."""
    monkeypatch.setattr("promptguard.audit.sinks.feed.BATCH", 4)
    sent: list[str] = []

    def record(count: int) -> None:
        events = [make_event() for _ in range(count)]
        installation.append(*events)
        sent.extend(event.id for event in events)

    def feed() -> Feed:
        cursor = CursorFile(token_file.parent / "siem.cursor")
        return Feed("siem", make(collector, token_file), installation.store, cursor, lambda record: True)

    first = feed()
    record(6)
    collector.stop()
    with pytest.raises(SinkFailed, match="refused"):
        first.round()
    collector.start()
    success = collector.reply
    collector.replies = [success, (503, {"text": "Server is busy", "code": 9})]
    with pytest.raises(SinkFailed):
        first.round()
    first._file.release()
    record(3)
    second = feed()
    assert second.round() == 5
    collector.stop()
    record(2)
    with pytest.raises(SinkFailed):
        second.round()
    collector.start()
    assert second.round() == 2
    second._file.release()
    accepted = [collector.bodies[0], *collector.bodies[2:]]
    assert [event["event"]["metadata"]["uid"] for body in accepted for event in events_in(body)] == sent


def test_without_a_token_it_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="without a token"):
        SplunkSinkSettings(kind="splunk_hec", url="https://splunk.example.com:8088")


def test_no_proxy_of_the_environment_is_taken(
    collector: Collector, token_file: Path, records: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    make(collector, token_file).deliver(records)
    assert collector.received
    assert http.MAX_BODY < 2**20
