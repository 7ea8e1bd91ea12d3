"""Of OCSF 1.8.0 (https://schema.ocsf.io/1.8.0/) what a Data Security Finding with `security_control` may consist of.

The attributes of the class and of its objects that are used here, and all that they require: what is not listed is
not known, and so a mistake. Written after the public schema, github.com/ocsf/ocsf-schema, tag 1.8.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

CLASS = "data_security_finding"

# By object its attributes: `!` is required, `[]` an array; a name of this table is an object.
OBJECTS: Mapping[str, Mapping[str, str]] = {
    CLASS: {
        "activity_id": "integer!",
        "activity_name": "string",
        "category_uid": "integer!",
        "category_name": "string",
        "class_uid": "integer!",
        "class_name": "string",
        "type_uid": "long!",
        "type_name": "string",
        "time": "timestamp!",
        "timezone_offset": "integer",
        "severity_id": "integer!",
        "severity": "string",
        "status_id": "integer",
        "status": "string",
        "message": "string",
        "metadata": "metadata!",
        "finding_info": "finding_info!",
        "data_security": "data_security",
        "confidence_id": "integer",
        "confidence": "string",
        "confidence_score": "integer",
        "is_alert": "boolean",
        "actor": "actor",
        "dst_endpoint": "network_endpoint",
        "resources": "resource_details[]",
        "unmapped": "object",
        # of the profile `security_control`
        "action_id": "integer",
        "action": "string",
        "disposition_id": "integer",
        "disposition": "string",
        "policy": "policy",
    },
    "metadata": {
        "version": "string!",
        "product": "product!",
        "profiles": "string[]",
        "uid": "string",
        "correlation_uid": "string",
        "sequence": "integer",
        "log_name": "string",
        "event_code": "string",
        "original_time": "string",
        "labels": "string[]",
    },
    "product": {"name": "string", "vendor_name": "string", "version": "string"},
    "finding_info": {
        "uid": "string!",
        "title": "string",
        "desc": "string",
        "created_time": "timestamp",
        "types": "string[]",
        "analytic": "analytic",
    },
    "analytic": {"type_id": "integer!", "type": "string", "name": "string", "version": "string"},
    "policy": {"uid": "string", "name": "string", "desc": "string", "version": "string", "is_applied": "boolean"},
    "data_security": {
        "category_id": "integer",
        "category": "string",
        "confidentiality_id": "integer",
        "confidentiality": "string",
        "data_lifecycle_state_id": "integer",
        "data_lifecycle_state": "string",
        "detection_system_id": "integer",
        "detection_system": "string",
        "detection_pattern": "string",
        "status_id": "integer",
        "status": "string",
        "status_details": "string[]",
        "total": "integer",
        "discovery_details": "discovery_details[]",
        "policy": "policy",
    },
    "discovery_details": {"type": "string", "count": "integer"},
    "actor": {"user": "user"},
    "user": {"uid": "string"},
    "network_endpoint": {"svc_name": "string", "hostname": "string", "domain": "string"},
    "resource_details": {
        "uid": "string",
        "name": "string",
        "type": "string",
        "labels": "string[]",
        "role_id": "integer",
        "role": "string",
    },
}

# At least one of these must be there.
AT_LEAST_ONE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "policy": (("name", "type", "uid"),),
    "data_security": (
        ("data_lifecycle_state_id", "detection_pattern", "detection_system_id", "policy"),
        ("category_id", "confidentiality_id"),
    ),
    "actor": (("process", "user", "invoked_by", "session", "app_name", "app_uid"),),
    "user": (("account", "name", "uid"),),
    "network_endpoint": (("ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid", "domain"),),
}

_UNKNOWN, _OTHER = {0: "Unknown"}, {99: "Other"}


def _numbered(*captions: str, start: int = 1) -> dict[int, str]:
    return _UNKNOWN | dict(enumerate(captions, start)) | _OTHER


# By attribute, or object and attribute, the captions of its values; the caption stands in the attribute's sibling.
ENUMERATIONS: Mapping[str, Mapping[int, str]] = {
    f"{CLASS}.activity_id": _numbered("Create", "Update", "Close", "Suppressed"),
    f"{CLASS}.category_uid": {2: "Findings"},
    f"{CLASS}.class_uid": {2006: "Data Security Finding"},
    f"{CLASS}.type_uid": {
        200600: "Data Security Finding: Unknown",
        200601: "Data Security Finding: Create",
        200602: "Data Security Finding: Update",
        200603: "Data Security Finding: Close",
        200699: "Data Security Finding: Other",
    },
    "severity_id": _numbered("Informational", "Low", "Medium", "High", "Critical", "Fatal"),
    f"{CLASS}.status_id": _numbered("New", "In Progress", "Suppressed", "Resolved", "Archived", "Deleted"),
    "confidence_id": _numbered("Low", "Medium", "High"),
    "action_id": _numbered("Allowed", "Denied", "Observed", "Modified"),
    "disposition_id": _numbered(
        "Allowed", "Blocked", "Quarantined", "Isolated", "Deleted", "Dropped", "Custom Action", "Approved", "Restored",
        "Exonerated", "Corrected", "Partially Corrected", "Uncorrected", "Delayed", "Detected", "No Action", "Logged",
        "Tagged", "Alert", "Count", "Reset", "Captcha", "Challenge", "Access Revoked", "Rejected", "Unauthorized",
        "Error",
    ),
    "analytic.type_id": _numbered(
        "Rule", "Behavioral", "Statistical", "Learning (ML/DL)", "Fingerprinting", "Tagging", "Keyword Match",
        "Regular Expressions", "Exact Data Match", "Partial Data Match", "Indexed Data Match",
    ),
    "category_id": _numbered(
        "Personal", "Governmental", "Financial", "Business", "Military and Law Enforcement", "Security"
    ),
    "confidentiality_id": _numbered(
        "Not Confidential", "Confidential", "Secret", "Top Secret", "Private", "Restricted"
    ),
    "data_lifecycle_state_id": _numbered("Data at-Rest", "Data in-Transit", "Data in-Use"),
    "detection_system_id": _numbered(
        "Endpoint", "DLP Gateway", "Mobile Device Management", "Data Discovery & Classification", "Secure Web Gateway",
        "Secure Email Gateway", "Digital Rights Management", "Cloud Access Security Broker",
        "Database Activity Monitoring", "Application-Level DLP", "Developer Security",
        "Data Security Posture Management",
    ),
    "data_security.status_id": _numbered("Complete", "Partial", "Fail"),
    "role_id": _numbered("Target", "Actor", "Affected", "Related"),
}  # fmt: skip

_TYPES: Mapping[str, type] = {
    "integer": int, "long": int, "timestamp": int, "string": str, "boolean": bool, "object": dict,
}  # fmt: skip


def mistakes(event: Any, kind: str = CLASS, where: str = "") -> Iterator[str]:
    """What of an object is not as the schema has it."""
    attributes = OBJECTS[kind]
    for name, type_name in attributes.items():
        if type_name.endswith("!") and name not in event:
            yield f"{where}{name} is required"
    for choice in AT_LEAST_ONE.get(kind, ()):
        if not event.keys() & set(choice):
            yield f"{where or kind} has none of {', '.join(choice)}"
    for name, value in event.items():
        if name not in attributes:
            yield f"{where}{name} is unknown"
            continue
        yield from _of_value(value, attributes[name].rstrip("!"), f"{where}{name}")
        yield from _of_enumeration(event, kind, name, where)


def _of_value(value: Any, type_name: str, where: str) -> Iterator[str]:
    if type_name.endswith("[]"):
        if not isinstance(value, list):
            yield f"{where} is no array"
            return
        for number, each in enumerate(value):
            yield from _of_value(each, type_name.removesuffix("[]"), f"{where}[{number}]")
    elif type_name in OBJECTS:
        yield from mistakes(value, type_name, f"{where}.")
    elif type(value) is not _TYPES[type_name]:
        yield f"{where} is no {type_name}"
    elif type_name == "timestamp" and not 10**12 < value < 10**13:
        yield f"{where} is not in milliseconds"


def _of_enumeration(event: Any, kind: str, name: str, where: str) -> Iterator[str]:
    captions = ENUMERATIONS.get(f"{kind}.{name}") or ENUMERATIONS.get(name)
    if captions is None:
        if name.endswith("_id"):
            yield f"{where}{name} is an enumeration that is not written down"
        return
    sibling = "activity_name" if name == "activity_id" else name.removesuffix("_id")
    sibling = sibling.replace("_uid", "_name")
    if event[name] not in captions:
        yield f"{where}{name} has no value {event[name]}"
    elif sibling in event and event[sibling] != captions[event[name]]:
        yield f"{where}{sibling} is not the caption of {name} {event[name]}"
