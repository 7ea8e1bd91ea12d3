"""OCSF Data Security Finding (class 2006) of schema 1.8.0, with the profile `security_control`: the form of exchange.

Classes, objects and enumerations: the Open Cybersecurity Schema Framework, https://schema.ocsf.io/1.8.0/. What the
schema has no attribute for stands under `unmapped`. `pattern_match` and `discovery_details.value`, which are for what
was found, are never used; a person is `actor.user.uid`, a pseudonym, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final, NamedTuple

import orjson

from promptguard.audit.forms.interface import Form, counts
from promptguard.audit.forms.wording import milliseconds, severity, title
from promptguard.audit.privacy import OutgoingRecord
from promptguard.model import Action, DataClass, Inspection

SCHEMA: Final = "1.8.0"

type Attributes = dict[str, Any]


class Sibling(NamedTuple):
    """A value of an enumeration, and its caption."""

    id: int
    caption: str

    def attributes(self, name: str) -> Attributes:
        """Both as the attributes `name_id` and `name`."""
        return {f"{name}_id": self.id, name: self.caption}


_ACTIONS: Final = {
    Action.ALLOW: (Sibling(1, "Allowed"), Sibling(1, "Allowed")),
    Action.NOTIFY: (Sibling(1, "Allowed"), Sibling(1, "Allowed")),
    Action.REDACT: (Sibling(4, "Modified"), Sibling(11, "Corrected")),
    Action.JUSTIFY: (Sibling(2, "Denied"), Sibling(23, "Challenge")),
    Action.BLOCK: (Sibling(2, "Denied"), Sibling(2, "Blocked")),
}
_MONITORED: Final = (Sibling(3, "Observed"), Sibling(15, "Detected"))
"""Action and disposition of what a rule in monitor mode would have treated otherwise."""

_SEVERITIES: Final = (
    (6, Sibling(4, "High")),
    (5, Sibling(3, "Medium")),
    (2, Sibling(2, "Low")),
    (0, Sibling(1, "Informational")),
)
"""By what the severity (0 to 10) is above, or 0."""

_PERSONAL, _BUSINESS, _SECURITY = Sibling(1, "Personal"), Sibling(4, "Business"), Sibling(6, "Security")
_CATEGORIES: Final = {
    DataClass.PERSONAL_DATA: _PERSONAL,
    DataClass.CREDENTIALS: _SECURITY,
    DataClass.ACCESS_LOGS: _SECURITY,
    DataClass.TENANT_DATA: _BUSINESS,
    DataClass.CONFIDENTIAL_RECORDS: _BUSINESS,
    DataClass.SOURCE_CODE: _BUSINESS,
}
_SEVERAL: Final = Sibling(99, "Other")

_UNKNOWN: Final = Sibling(0, "Unknown")
_CONFIDENTIALITIES: Final = (
    (frozenset({DataClass.CREDENTIALS}), Sibling(6, "Restricted")),
    (frozenset({DataClass.PERSONAL_DATA}), Sibling(5, "Private")),
    (frozenset(DataClass), Sibling(2, "Confidential")),
    (frozenset[DataClass](), _UNKNOWN),
)
"""The strictest first."""

_COMPLETENESS: Final = {
    Inspection.INSPECTED: Sibling(1, "Complete"),
    Inspection.PARTLY_INSPECTED: Sibling(2, "Partial"),
    Inspection.NOT_INSPECTED: Sibling(3, "Fail"),
}

_ANALYTICS: Final = {
    "DocumentDetector": Sibling(5, "Fingerprinting"),
    "SourceCodeDetector": Sibling(5, "Fingerprinting"),
    "PERSON": Sibling(4, "Learning (ML/DL)"),
    "LOCATION": Sibling(4, "Learning (ML/DL)"),
    DataClass.TENANT_DATA: Sibling(9, "Exact Data Match"),
}
"""By detector, entity type or data class; all else are rules: a pattern, a check and words around it."""
_RULE: Final = Sibling(1, "Rule")

_CONFIDENCES: Final = ((75, Sibling(3, "High")), (40, Sibling(2, "Medium")), (0, Sibling(1, "Low")))
"""By the least score."""

_MAPPED: Final = frozenset(
    {"id", "time", "pseudonym", "groups", "destination", "host", "incident", "sequence", "rule", "reason"}
    | {"policy_version", "findings"}
)
_OF_FINDINGS: Final = (
    "entity_type", "data_class", "score", "detector", "segment", "role", "position", "start", "end", "fingerprint",
    "shape", "subject", "action", "rule",
)  # fmt: skip


class DataSecurityFinding(Form):
    """One JSON object a line."""

    id = "ocsf"

    def __init__(self) -> None:
        self._version = version("promptguard")

    def line(self, record: OutgoingRecord) -> str:
        return orjson.dumps(self.event(record)).decode()

    def event(self, record: OutgoingRecord) -> Attributes:
        """The finding as an object."""
        action, disposition = _outcome(record)
        return _without_empty(
            {
                "activity_id": 1,
                "activity_name": "Create",
                "category_uid": 2,
                "category_name": "Findings",
                "class_uid": 2006,
                "class_name": "Data Security Finding",
                "type_uid": 200601,
                "type_name": "Data Security Finding: Create",
                "time": milliseconds(record),
                "timezone_offset": 0,
                "message": _message(record),
                **_severity(record).attributes("severity"),
                **Sibling(1, "New").attributes("status"),
                **action.attributes("action"),
                **disposition.attributes("disposition"),
                **_confidence(record),
                "is_alert": _is_alert(record),
                "metadata": self._metadata(record),
                "finding_info": _finding_info(record),
                "policy": _policy(record),
                "data_security": _data_security(record),
                "actor": _actor(record),
                "dst_endpoint": {"svc_name": record["destination"], **_host(record["host"])},
                "resources": [_resource(record)],
                "unmapped": {"promptguard": _unmapped(record)},
            }
        )

    def _metadata(self, record: OutgoingRecord) -> Attributes:
        return _without_empty(
            {
                "version": SCHEMA,
                "profiles": ["security_control"],
                "product": {"name": "PromptGuard", "vendor_name": "PromptGuard", "version": self._version},
                "uid": record["id"],
                "correlation_uid": record.get("incident", ""),
                "sequence": record["sequence"],
                "log_name": "promptguard.decision",
                "event_code": record["action"],
                "original_time": record["time"],
                "labels": ["test"] if record.get("test") else [],
            }
        )


def _outcome(record: OutgoingRecord) -> tuple[Sibling, Sibling]:
    return _MONITORED if record["would"] else _ACTIONS[Action(record["action"])]


def _message(record: OutgoingRecord) -> str:
    found = counts(record, "entity_type")
    return f"{title(record)}: {record['destination']}{', ' if found else ''}{found}"


def _severity(record: OutgoingRecord) -> Sibling:
    grave = severity({**record, "action": record["would"] or record["action"]})
    return next(sibling for above, sibling in _SEVERITIES if grave > above or not above)


def _is_alert(record: OutgoingRecord) -> bool:
    return _severity(record).id >= 3  # Medium


def _confidence(record: OutgoingRecord) -> Attributes:
    if not record["findings"]:
        return {}
    score = round(100 * max(finding["score"] for finding in record["findings"]))
    sibling = next(sibling for least, sibling in _CONFIDENCES if score >= least)
    return {**sibling.attributes("confidence"), "confidence_score": score}


def _finding_info(record: OutgoingRecord) -> Attributes:
    classes = sorted({finding["data_class"] for finding in record["findings"]})
    return _without_empty(
        {
            "uid": record["id"],
            "title": title(record),
            "desc": record["reason"],
            "created_time": milliseconds(record),
            "types": [f"promptguard.{data_class}" for data_class in classes],
            "analytic": _analytic(record),
        }
    )


def _leading(record: OutgoingRecord) -> Mapping[str, Any] | None:
    """The finding that decided, or the surest of those that did."""
    decisive = [each for each in record["findings"] if each["rule"] == record["rule"]] or record["findings"]
    return max(decisive, key=lambda finding: finding["score"], default=None)


def _analytic(record: OutgoingRecord) -> Attributes:
    finding = _leading(record)
    if finding is None:
        return {}
    known = (finding["detector"], finding["entity_type"], finding["data_class"])
    kind = next((_ANALYTICS[each] for each in known if each in _ANALYTICS), _RULE)
    return {"name": finding["detector"], "version": record["ruleset_version"], **kind.attributes("type")}


def _policy(record: OutgoingRecord) -> Attributes:
    return _without_empty(
        {
            "uid": record["rule"],
            "name": record["rule"],
            "desc": record["reason"],
            "version": record["policy_version"],
            "is_applied": not record["would"],
        }
    )


def _data_security(record: OutgoingRecord) -> Attributes:
    types = Counter(finding["entity_type"] for finding in record["findings"])
    leading = _leading(record)
    details = [record["problem"], *(f"language {tag}" for tag in record.get("uncovered_languages", ()))]
    return _without_empty(
        {
            **_category(record).attributes("category"),
            **_confidentiality(record).attributes("confidentiality"),
            **Sibling(2, "Data in-Transit").attributes("data_lifecycle_state"),
            **Sibling(2, "DLP Gateway").attributes("detection_system"),
            **_COMPLETENESS[Inspection(record["inspection"])].attributes("status"),
            "status_details": [detail for detail in details if detail],
            "detection_pattern": leading["entity_type"] if leading else "",
            "total": len(record["findings"]),
            "discovery_details": [{"type": name, "count": count} for name, count in sorted(types.items())],
            "policy": _policy(record),
        }
    )


def _category(record: OutgoingRecord) -> Sibling:
    categories = {_CATEGORIES.get(finding["data_class"], _SEVERAL) for finding in record["findings"]}
    if len(categories) > 1:
        return _SEVERAL
    return categories.pop() if categories else _UNKNOWN


def _confidentiality(record: OutgoingRecord) -> Sibling:
    found = {finding["data_class"] for finding in record["findings"]}
    return next(sibling for classes, sibling in _CONFIDENTIALITIES if found & classes or not classes)


def _actor(record: OutgoingRecord) -> Attributes:
    return {"user": {"uid": record["pseudonym"]}} if record["pseudonym"] else {}


def _host(host: str) -> Attributes:
    """A host of the registry, which may be a pattern."""
    if not host:
        return {}
    return {"domain": host[2:]} if host.startswith("*.") else {"hostname": host}


def _resource(record: OutgoingRecord) -> Attributes:
    service = {"uid": record["destination"], "name": record["destination"], "type": "AI service"}
    return {**service, "labels": [record["destination_status"]], **Sibling(1, "Target").attributes("role")}


def _unmapped(record: OutgoingRecord) -> Attributes:
    rest = {name: value for name, value in record.items() if name not in _MAPPED}
    findings = [{name: each[name] for name in _OF_FINDINGS if name in each} for each in record["findings"]]
    return _without_empty({**rest, "groups": record["groups"], "findings": findings})


def _without_empty(attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if value not in ("", None, [], {})}
