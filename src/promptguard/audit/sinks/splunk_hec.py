"""Splunk's HTTP Event Collector: batches of events, each an OCSF finding with the fields of the data model for DLP.

Requests, answers and codes: Splunk's manual “Get data with HTTP Event Collector”; fields: Common Information Model,
“Data Loss Prevention”.
"""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import orjson
from pydantic import Field, model_validator

from promptguard.audit.forms.ocsf import DataSecurityFinding
from promptguard.audit.privacy import OutgoingRecord
from promptguard.audit.sinks.http import MAX_BODY, HttpConnection, HttpSinkSettings, json_of, refused, said
from promptguard.audit.sinks.interface import Sink, SinkFailed
from promptguard.model import Action
from promptguard.typed_yaml.mistakes import mistake

if TYPE_CHECKING:
    import httpx

ACKNOWLEDGED_WITHIN_SECONDS = 30.0
POLL_SECONDS = 0.5

_ACTIONS: Final = {
    Action.ALLOW: "allowed",
    Action.NOTIFY: "allowed",
    Action.REDACT: "modified",
    Action.JUSTIFY: "blocked",
    Action.BLOCK: "blocked",
}
"""The data model's words."""

_REMEDIES: Final = {
    1: "Enable the token in Splunk's settings of the HTTP Event Collector.",
    2: "Name the token as `token_file` or `token_env`.",
    3: "Name the token alone, without “Splunk” before it.",
    4: "Splunk knows no such token: copy it again from the settings of the HTTP Event Collector.",
    7: "Name an `index` that exists and that the token may write to.",
    10: "The token wants acknowledgement: set `acknowledge: true`.",
    14: "The token gives no acknowledgement: enable it there, or set `acknowledge: false`.",
}
"""By the code of Splunk's answers."""


class SplunkSinkSettings(HttpSinkSettings):
    """A Splunk HTTP Event Collector."""

    kind: Literal["splunk_hec"] = Field(description="`splunk_hec`: Splunk's HTTP Event Collector.")
    index: str | None = Field(default=None, min_length=1, description="The index; by default the token's own.")
    sourcetype: str = Field(default="promptguard:finding", min_length=1, description="The source type of events.")
    acknowledge: bool = Field(
        default=False,
        description="Whether events count as taken once Splunk says that they are indexed; the token must allow it.",
    )

    @model_validator(mode="after")
    def _with_token(self) -> Self:
        if self.token_file is None and self.token_env is None:
            raise mistake(
                ("token_file",), "Splunk takes nothing without a token", "Name a `token_file` or `token_env`."
            )
        return self


class SplunkSink(Sink[SplunkSinkSettings]):
    """Whoever gets an event twice, after a crash, tells by `metadata.uid`."""

    settings = SplunkSinkSettings

    def __init__(self, settings: SplunkSinkSettings, data: Path) -> None:
        super().__init__(settings, data)
        self._connection = HttpConnection(settings)
        self._form = DataSecurityFinding()
        self._host_name = socket.gethostname()
        self._channel = str(uuid.uuid4())

    def deliver(self, records: Sequence[OutgoingRecord]) -> str:
        token = self._connection.token()
        answers = [self._post("event", body, token) for body in _bodies(map(self._event, records))]
        if self._settings.acknowledge:
            self._await([json_of(answer).get("ackId") for answer in answers], token)
        return said(answers[-1], json_of(answers[-1]).get("text")) if answers else ""

    def close(self) -> None:
        self._connection.close()

    def _event(self, record: OutgoingRecord) -> bytes:
        finding = self._form.event(record)
        index = {"index": self._settings.index} if self._settings.index else {}
        return orjson.dumps(
            {
                "time": finding["time"] / 1000,
                "host": self._host_name,
                "source": "promptguard",
                "sourcetype": self._settings.sourcetype,
                **index,
                "event": finding,
                "fields": _fields(record, finding),
            }
        )

    def _post(self, path: str, body: bytes, token: str) -> httpx.Response:
        url = f"{self._settings.url}/services/collector/{path}"
        headers = {"authorization": f"Splunk {token}", "x-splunk-request-channel": self._channel}
        answer = self._connection.post(url, body, headers)
        members = json_of(answer)
        if answer.status_code != 200 or members.get("code", 0) != 0:
            raise refused(self._settings.url, answer, members.get("text"), _REMEDIES.get(members.get("code", -1), ""))
        return answer

    def _await(self, ids: Sequence[Any], token: str) -> None:
        """Return when all are indexed.

        Raises:
            SinkFailed: they are not, in time.
        """
        if None in ids:
            raise SinkFailed(f"{self._settings.url}: Splunk acknowledges nothing", _REMEDIES[14])
        waiting = list(ids)
        until = time.monotonic() + ACKNOWLEDGED_WITHIN_SECONDS
        while waiting:
            answer = self._post(f"ack?channel={self._channel}", orjson.dumps({"acks": waiting}), token)
            indexed = json_of(answer).get("acks") or {}
            waiting = [each for each in waiting if not indexed.get(str(each))]
            if waiting and time.monotonic() > until:
                seconds = f"{ACKNOWLEDGED_WITHIN_SECONDS:g}"
                problem = f"{self._settings.url}: events are not indexed within {seconds} seconds"
                raise SinkFailed(problem, "See whether Splunk's indexers are behind. They are sent again.")
            if waiting:
                time.sleep(POLL_SECONDS)


def _bodies(events: Iterable[bytes]) -> Iterator[bytes]:
    """Events one after the other, as many in a body as one request may have."""
    body = b""
    for event in events:
        if body and len(body) + len(event) > MAX_BODY:
            yield body
            body = b""
        body += event
    if body:
        yield body


def _fields(record: OutgoingRecord, finding: dict[str, Any]) -> dict[str, str | list[str]]:
    """Indexed fields, as the data model names them."""
    found = sorted({str(each["entity_type"]) for each in record["findings"]})
    fields: dict[str, str | list[str]] = {
        "action": _ACTIONS[Action(record["action"])],
        "app": record["destination"],
        "category": finding["data_security"]["category"],
        "dest": record["host"],
        "dlp_type": "prompt",
        "object_category": found,
        "severity": finding["severity"].lower(),
        "signature": record["rule"],
        "user": record["pseudonym"],
        "vendor_product": "PromptGuard",
    }
    return {name: value for name, value in fields.items() if value}
