"""Kafka as a sink: what real consumers read from real brokers in this process."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError
from tests.audit.forms.ocsf_schema import mistakes
from tests.audit.sinks.conftest import Authority, Collector
from tests.audit.sinks.kafka_cluster import Cluster

from promptguard.audit.sinks import kafka
from promptguard.audit.sinks.interface import SinkFailed
from promptguard.audit.sinks.kafka import KafkaSink, KafkaSinkSettings

NOT_LEADER, MESSAGE_TOO_LARGE, TOPIC_REFUSED, UNKNOWN_TOPIC = 6, 10, 29, 3
"""Error codes of Kafka's protocol guide."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster("decisions")
    yield cluster
    cluster.close()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is waited for longer than it takes to see that none comes."""
    monkeypatch.setattr(kafka, "TAKEN_WITHIN_SECONDS", 3.0)


def make(brokers: list[str], **settings: Any) -> KafkaSink:
    given = {"kind": "kafka", "brokers": brokers, "topic": "decisions", "tls": False, **settings}
    return KafkaSink(KafkaSinkSettings.model_validate(given, strict=False), Path())


def test_records_arrive_in_order(cluster: Cluster, records: list[Any]) -> None:
    sink = make(cluster.brokers, form="ocsf")
    assert sink.deliver(records[:2]) == "taken by all replicas in sync of decisions"
    sink.deliver(records[2:])
    sink.close()
    arrived = cluster.messages(len(records))
    assert len({partition for partition, _, _ in arrived}) == 1
    assert {key.decode() for _, key, _ in arrived} == {record["chain"] for record in records}
    events = [orjson.loads(value) for _, _, value in arrived]
    assert [event["metadata"]["uid"] for event in events] == [record["id"] for record in records]
    assert [list(mistakes(event)) for event in events] == [[], [], []]


def test_the_record_itself(cluster: Cluster, records: list[Any]) -> None:
    make(cluster.brokers).deliver(records[:1])
    assert orjson.loads(cluster.messages(1)[0][2])["id"] == records[0]["id"]


def test_what_passes_is_tried_again_and_doubles_nothing(cluster: Cluster, records: list[Any]) -> None:
    cluster.refuse(NOT_LEADER)
    make(cluster.brokers).deliver(records)
    assert len(cluster.messages(len(records))) == len(records)


@pytest.mark.parametrize(
    ("code", "said", "remedy"),
    [
        (MESSAGE_TOO_LARGE, "Message size too large", "max.message.bytes"),
        (TOPIC_REFUSED, "Topic authorization failed", "Allow the user"),
    ],
)
def test_what_the_brokers_refuse(cluster: Cluster, records: list[Any], code: int, said: str, remedy: str) -> None:
    cluster.refuse(*[code] * 20)
    sink = make(cluster.brokers)
    with pytest.raises(SinkFailed) as failed:
        sink.deliver(records[:1])
    assert said in failed.value.problem
    assert remedy in failed.value.remedy
    assert records[0]["id"] not in str(failed.value)


def test_a_topic_that_is_not_there(cluster: Cluster, records: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.break_topic(UNKNOWN_TOPIC)
    sink = make(cluster.brokers)
    with monkeypatch.context() as soon, pytest.raises(SinkFailed, match="there is no such topic\n  Make the topic"):
        soon.setattr(kafka, "TAKEN_WITHIN_SECONDS", 3.0)
        sink.deliver(records[:1])
    cluster.break_topic(0)
    sink.deliver(records)
    assert len(cluster.messages(len(records))) == len(records)


@pytest.mark.usefixtures("soon")
def test_brokers_that_are_not_there(records: list[Any]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SinkFailed, match=f"{address}, topic decisions: no broker can be reached"):
        make([address]).deliver(records)


@pytest.mark.usefixtures("soon")
def test_a_certificate_that_is_not_trusted(authority: Authority, records: list[Any], tmp_path: Path) -> None:
    collector = Collector()
    collector.start(authority.certificate)
    try:
        with pytest.raises(SinkFailed, match="TLS is refused\n  Name the CA"):
            make([f"127.0.0.1:{collector.port}"], tls=True).deliver(records)
    finally:
        collector.stop()


def test_a_password_that_is_not_there(records: list[Any], tmp_path: Path) -> None:
    sink = make(["127.0.0.1:9"], mechanism="SCRAM-SHA-512", user="guard", password_file=tmp_path / "none")
    with pytest.raises(SinkFailed, match="there is no password"):
        sink.deliver(records)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"brokers": []}, "at least 1"),
        ({"topic": "a b"}, "topic"),
        ({"tls": True, "certificate": "a.pem"}, "`key` is missing"),
        ({"ca_file": "a.pem"}, "no use without TLS"),
        ({"mechanism": "PLAIN", "user": "u", "password_env": "P"}, "can be read under way"),
        ({"user": "u"}, "no `mechanism`"),
        ({"mechanism": "SCRAM-SHA-256", "user": "u"}, "needs a user and a password"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        make(**{"brokers": ["127.0.0.1:9092"], **settings})
