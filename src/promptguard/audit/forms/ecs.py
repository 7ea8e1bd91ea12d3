"""Elastic Common Schema, version 9.0, made of the OCSF finding: what Elastic Security and OpenSearch read.

Fields and allowed values: https://www.elastic.co/docs/reference/ecs. What the schema has no field for stands under
`promptguard`. A person is `user.hash`, a pseudonym, and nothing else.
"""

from __future__ import annotations

from typing import Final

import orjson

from promptguard.audit.forms.interface import Form
from promptguard.audit.forms.ocsf import Attributes, DataSecurityFinding
from promptguard.audit.privacy import OutgoingRecord
from promptguard.model import Action

ECS: Final = "9.0.0"

_DENIED: Final = frozenset({Action.BLOCK, Action.JUSTIFY})

_ACTIONS: Final = {
    Action.ALLOW: "prompt-allowed",
    Action.NOTIFY: "prompt-notified",
    Action.REDACT: "prompt-redacted",
    Action.JUSTIFY: "prompt-held",
    Action.BLOCK: "prompt-blocked",
}

_UNDER_OTHER_NAMES: Final = frozenset({"action", "method", "hash", "body_bytes", "test"})


class ElasticCommonSchema(Form):
    """One JSON object a line."""

    id = "ecs"

    def __init__(self) -> None:
        self._ocsf = DataSecurityFinding()

    def line(self, record: OutgoingRecord) -> str:
        return orjson.dumps(document(self._ocsf.event(record))).decode()


def document(finding: Attributes) -> Attributes:
    """The ECS document of an OCSF finding."""
    own = finding["unmapped"]["promptguard"]
    product, metadata = finding["metadata"]["product"], finding["metadata"]
    host = finding["dst_endpoint"].get("hostname") or finding["dst_endpoint"].get("domain")
    user = finding.get("actor", {}).get("user", {}).get("uid")
    return _members(
        {
            "@timestamp": metadata["original_time"],
            "ecs": {"version": ECS},
            "message": finding["message"],
            "tags": metadata.get("labels"),
            "event": _event(finding, own),
            "rule": _rule(finding),
            "user": {"hash": user},
            "related": {"hosts": [host] if host else None, "hash": [own.get("hash")]},
            "destination": {"domain": host},
            "url": {"domain": host},
            "http": {
                "request": {"method": own.get("method"), "body": {"bytes": own.get("body_bytes")}},
            },
            "observer": {
                "vendor": product["vendor_name"],
                "product": product["name"],
                "version": product["version"],
                "type": "proxy",
            },
            "promptguard": _own(finding, own),
        }
    )


def _event(finding: Attributes, own: Attributes) -> Attributes:
    action = Action(own["action"])
    denied = action in _DENIED
    return {
        "kind": "alert" if finding["is_alert"] else "event",
        "category": ["web", "network"],
        "type": ["denied"] if denied else ["allowed"],
        "action": _ACTIONS[action],
        "outcome": "failure" if denied else "success",
        "module": "promptguard",
        "dataset": "promptguard.decision",
        "id": finding["metadata"]["uid"],
        "sequence": finding["metadata"]["sequence"],
        "severity": finding["severity_id"],
        "reason": finding["finding_info"].get("desc"),
        "created": finding["metadata"]["original_time"],
        "hash": own.get("hash"),
    }


def _rule(finding: Attributes) -> Attributes:
    policy = finding["policy"]
    return {
        "id": policy.get("uid"),
        "name": policy.get("name"),
        "description": policy.get("desc"),
        "version": policy.get("version"),
        "ruleset": "policy.yaml",
        "category": finding["data_security"]["category"],
    }


def _own(finding: Attributes, own: Attributes) -> Attributes:
    rest = {name: value for name, value in own.items() if name not in _UNDER_OTHER_NAMES}
    return {
        **rest,
        "destination": finding["dst_endpoint"]["svc_name"],
        "incident": finding["metadata"].get("correlation_uid"),
        "data_classes": finding["finding_info"].get("types"),
        "enforced": finding["policy"]["is_applied"],
        "disposition": finding["disposition"],
    }


def _members(document: Attributes) -> Attributes:
    """A document without members that hold nothing."""
    members = {name: _members(each) if isinstance(each, dict) else each for name, each in document.items()}
    return {name: each for name, each in members.items() if each not in (None, "", [], {}, [None])}
