"""Logs of OpenTelemetry over HTTP: one log record a decision, with the OCSF finding as its body.

Messages and their JSON: OpenTelemetry protocol 1.5 (https://opentelemetry.io/docs/specs/otlp/): field names in lower
camel case, 64-bit integers as strings, enumerations as numbers. No SDK is needed for that.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import orjson
from pydantic import Field

from promptguard.audit.forms.ocsf import DataSecurityFinding
from promptguard.audit.privacy import OutgoingRecord
from promptguard.audit.sinks.http import HttpConnection, HttpSinkSettings, json_of, refused, said
from promptguard.audit.sinks.interface import Sink

log = logging.getLogger(__name__)

EVENT_NAME: Final = "promptguard.decision"

# By OCSF's `severity_id`: `SeverityNumber` INFO, INFO2, WARN, WARN2.
_SEVERITIES: Final = {1: 9, 2: 10, 3: 13, 4: 14}

_PER_REQUEST: Final = 100
"""Records in one request: a few hundred kilobytes."""


class OtlpSinkSettings(HttpSinkSettings):
    """An OpenTelemetry collector."""

    kind: Literal["otlp"] = Field(description="`otlp`: a collector of OpenTelemetry, over HTTP.")
    header: str = Field(
        default="authorization",
        pattern=r"^[A-Za-z0-9-]+$",
        description="The header field of the token: `authorization` (as `Bearer`), or another one of the token alone.",
    )


class OtlpSink(Sink[OtlpSinkSettings]):
    """Whoever gets a record twice, after a crash, tells by `log.record.uid`."""

    settings = OtlpSinkSettings

    def __init__(self, settings: OtlpSinkSettings, data: Path) -> None:
        super().__init__(settings, data)
        self._connection = HttpConnection(settings)
        self._form = DataSecurityFinding()
        self._version = version("promptguard")
        self._url = settings.url if urlsplit(settings.url).path else f"{settings.url}/v1/logs"

    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        answer = ""
        for start in range(0, len(records), _PER_REQUEST):
            answer = self._post(records[start : start + _PER_REQUEST])
        return answer

    def close(self) -> None:
        self._connection.close()

    def _post(self, records: Sequence[OutgoingRecord]) -> str:
        answer = self._connection.post(self._url, orjson.dumps(self._request(records)), self._authorization())
        members = json_of(answer)
        if not answer.is_success:
            raise refused(self._settings.url, answer, members.get("message"))
        partial = members.get("partialSuccess") or {}
        if int(partial.get("rejectedLogRecords") or 0):  # which the protocol forbids to send again
            count = partial["rejectedLogRecords"]
            log.error("%s refused %s of %d records for good.", self._settings.url, count, len(records))
            return said(answer, f"{count} refused: {partial.get('errorMessage', '')}")
        return said(answer)

    def _authorization(self) -> Mapping[str, str]:
        token, header = self._connection.token(), self._settings.header.lower()
        if not token:
            return {}
        return {header: f"Bearer {token}" if header == "authorization" else token}

    def _request(self, records: Sequence[OutgoingRecord]) -> dict[str, Any]:
        """An `ExportLogsServiceRequest`."""
        resource = {"service.name": "promptguard", "service.version": self._version}
        scope = {"name": "promptguard.audit", "version": self._version}
        logs = {"scope": scope, "logRecords": [self._log_record(record) for record in records]}
        return {"resourceLogs": [{"resource": {"attributes": list(_pairs(resource))}, "scopeLogs": [logs]}]}

    def _log_record(self, record: OutgoingRecord) -> dict[str, Any]:
        finding = self._form.event(record)
        return {
            "timeUnixNano": str(finding["time"] * 1_000_000),
            "observedTimeUnixNano": str(time.time_ns()),
            "severityNumber": _SEVERITIES[finding["severity_id"]],
            "severityText": finding["severity"],
            "eventName": EVENT_NAME,
            "body": _any_value(finding),
            "attributes": list(_pairs(_attributes(record))),
        }


def _attributes(record: OutgoingRecord) -> Mapping[str, Any]:
    """What is searched by; names follow the semantic conventions where there are some."""
    attributes = {
        "event.name": EVENT_NAME,
        "log.record.uid": record["id"],
        "server.address": record["host"],
        "http.request.method": record["method"],
        "user.hash": record["pseudonym"],
        "promptguard.action": record["action"],
        "promptguard.would": record["would"],
        "promptguard.rule": record["rule"],
        "promptguard.destination": record["destination"],
        "promptguard.inspection": record["inspection"],
        "promptguard.data_classes": sorted({str(each["data_class"]) for each in record["findings"]}),
        "promptguard.findings": len(record["findings"]),
        "promptguard.test": record.get("test"),
    }
    return {name: value for name, value in attributes.items() if value not in (None, "", [], False)}


def _pairs(members: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A list of `KeyValue`."""
    for name, value in members.items():
        yield {"key": name, "value": _any_value(value)}


def _any_value(value: Any) -> dict[str, Any]:
    """An `AnyValue`."""
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
        case Mapping():
            return {"kvlistValue": {"values": list(_pairs(value))}}
        case _:
            return {"arrayValue": {"values": [_any_value(each) for each in value]}}
