"""OpenTelemetry's protocol as a sink: what a collector on loopback receives, field by field."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.audit.forms.ocsf_schema import mistakes
from tests.audit.sinks.conftest import Collector

from promptguard.audit.sinks.interface import SinkFailed
from promptguard.audit.sinks.otlp import OtlpSink, OtlpSinkSettings

# opentelemetry/proto/{logs,common,resource}/v1, as far as it is used: by message the fields, and of what type they are.
MESSAGES: Mapping[str, Mapping[str, str]] = {
    "ExportLogsServiceRequest": {"resourceLogs": "ResourceLogs[]"},
    "ResourceLogs": {"resource": "Resource", "scopeLogs": "ScopeLogs[]", "schemaUrl": "string"},
    "Resource": {"attributes": "KeyValue[]"},
    "ScopeLogs": {"scope": "InstrumentationScope", "logRecords": "LogRecord[]", "schemaUrl": "string"},
    "InstrumentationScope": {"name": "string", "version": "string"},
    "LogRecord": {
        "timeUnixNano": "fixed64",
        "observedTimeUnixNano": "fixed64",
        "severityNumber": "SeverityNumber",
        "severityText": "string",
        "body": "AnyValue",
        "attributes": "KeyValue[]",
        "eventName": "string",
    },
    "KeyValue": {"key": "string", "value": "AnyValue"},
    "ArrayValue": {"values": "AnyValue[]"},
    "KeyValueList": {"values": "KeyValue[]"},
}
ANY_VALUE = {
    "stringValue": "string",
    "boolValue": "bool",
    "intValue": "int64",
    "doubleValue": "double",
    "arrayValue": "ArrayValue",
    "kvlistValue": "KeyValueList",
}


def read(value: Any, kind: str) -> Any:
    """A message as plain values; fails where it is not of its type in protobuf's JSON."""
    if kind.endswith("[]"):
        return [read(each, kind.removesuffix("[]")) for each in value]
    if kind == "AnyValue":
        ((name, inner),) = value.items()
        return read(inner, ANY_VALUE[name])
    if kind == "ArrayValue":
        return read(value["values"], "AnyValue[]")
    if kind in ("KeyValueList", "KeyValue"):
        pairs = value["values"] if kind == "KeyValueList" else [value]
        return {read(pair["key"], "string"): read(pair["value"], "AnyValue") for pair in pairs}
    if kind in MESSAGES:
        return {name: read(each, MESSAGES[kind][name]) for name, each in value.items()}
    if kind in ("fixed64", "int64"):
        assert isinstance(value, str)
        return int(value)
    assert type(value) is {"string": str, "bool": bool, "double": float, "SeverityNumber": int}[kind]
    return value


def make(tmp_path: Path, url: str, **settings: Any) -> OtlpSink:
    return OtlpSink(OtlpSinkSettings(kind="otlp", url=url, **settings), tmp_path)


def joined(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for pair in pairs for name, value in pair.items()}


def test_log_records(tmp_path: Path, collector: Collector, records: list[Any]) -> None:
    collector.reply = (200, {})
    assert make(tmp_path, collector.url).deliver(records) == "HTTP 200"
    ((path, headers, body),) = collector.received
    assert (path, headers["content-type"], headers["content-encoding"]) == ("/v1/logs", "application/json", "gzip")
    (resource,) = read(orjson.loads(body), "ExportLogsServiceRequest")["resourceLogs"]
    assert joined(resource["resource"]["attributes"])["service.name"] == "promptguard"
    logs = resource["scopeLogs"][0]["logRecords"]
    assert [log["timeUnixNano"] for log in logs] == [(1772357400 + second) * 10**9 for second in range(3)]
    assert [(log["severityNumber"], log["severityText"]) for log in logs] == [
        (9, "Informational"),
        (10, "Low"),
        (14, "High"),
    ]
    assert {log["eventName"] for log in logs} == {"promptguard.decision"}
    assert [list(mistakes(log["body"])) for log in logs] == [[], [], []]
    attributes = [joined(log["attributes"]) for log in logs]
    assert [each["log.record.uid"] for each in attributes] == [record["id"] for record in records]
    assert attributes[1]["promptguard.data_classes"] == ["personal_data"]
    assert attributes[1]["promptguard.findings"] == 2


@pytest.mark.parametrize(
    ("header", "name", "value"),
    [("authorization", "authorization", "Bearer abc"), ("X-Api-Key", "x-api-key", "abc")],
)
def test_tokens_and_paths(
    tmp_path: Path, collector: Collector, records: list[Any], header: str, name: str, value: str
) -> None:
    (tmp_path / "token").write_text("abc")
    make(tmp_path, f"{collector.url}/otlp/logs/", header=header, token_file=tmp_path / "token").deliver(records)
    ((path, headers, _),) = collector.received
    assert (path, headers[name]) == ("/otlp/logs", value)


def test_what_is_refused_for_good_is_told_and_not_sent_again(
    tmp_path: Path, collector: Collector, records: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    collector.reply = (200, {"partialSuccess": {"rejectedLogRecords": "2", "errorMessage": "too old"}})
    with caplog.at_level(logging.ERROR):
        assert make(tmp_path, collector.url).deliver(records) == "HTTP 200, “2 refused: too old”"
    assert "refused 2 of 3 records" in caplog.text


@pytest.mark.parametrize(("status", "remedy"), [(401, "token"), (429, "busy"), (404, "`url`"), (500, "")])
def test_what_is_refused_is_kept_for_later(
    tmp_path: Path, collector: Collector, records: list[Any], status: int, remedy: str
) -> None:
    collector.reply = (status, {"message": "no"}, {"Retry-After": "30"})
    with pytest.raises(SinkFailed) as failed:
        make(tmp_path, collector.url).deliver(records)
    assert f"HTTP {status}, “no”" in failed.value.problem and remedy in failed.value.remedy
    assert failed.value.retry_after == 30
