"""OCSF: every finding is held against the schema, and the schema's check against findings that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from tests.audit.forms.ocsf_schema import mistakes

from promptguard.audit.export import export
from promptguard.audit.forms import load_forms, written
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    Finding,
    Identity,
    Inspection,
    Kind,
    Route,
    Status,
)
from promptguard.reasons import Code, Reason

PATTERN = Destination("azure", "Azure", ("*.openai.azure.com",), Kind.API, Status.APPROVED, (Route("/*", "generic"),))


@pytest.fixture
def finding_of(installation: Any) -> Callable[[Event], dict[str, Any]]:
    """The OCSF finding of an event."""

    def make(event: Event) -> dict[str, Any]:
        installation.fill(event)
        *_, line = written(export(installation.store), load_forms()["ocsf"])
        return orjson.loads(line)

    return make


def found(data_class: DataClass, entity_type: str = "X", detector: str = "Some") -> Finding:
    return Finding(0, 0, 5, entity_type, data_class, 0.9, detector, "f" * 32)


@pytest.mark.parametrize(
    ("action", "would", "expected"),
    [
        (Action.ALLOW, None, (1, "Allowed", 1, "Allowed", "Informational", False)),
        (Action.NOTIFY, None, (1, "Allowed", 1, "Allowed", "Low", False)),
        (Action.REDACT, None, (4, "Modified", 11, "Corrected", "Low", False)),
        (Action.JUSTIFY, None, (2, "Denied", 23, "Challenge", "Medium", True)),
        (Action.BLOCK, None, (2, "Denied", 2, "Blocked", "High", True)),
        (Action.ALLOW, Action.BLOCK, (3, "Observed", 15, "Detected", "High", True)),
        (Action.ALLOW, Action.REDACT, (3, "Observed", 15, "Detected", "Low", False)),
    ],
)
def test_what_was_done(
    finding_of: Any, make_event: Any, action: Action, would: Action | None, expected: tuple[Any, ...]
) -> None:
    event = finding_of(make_event(decision=Decision(action, "the-rule", "Why.", would=would), found=1))
    assert list(mistakes(event)) == []
    names = ("action_id", "action", "disposition_id", "disposition", "severity", "is_alert")
    assert tuple(event[name] for name in names) == expected
    assert event["policy"]["is_applied"] is (would is None)
    assert event["data_security"]["policy"] == event["policy"]


@pytest.mark.parametrize(
    ("findings", "category", "confidentiality", "analytic"),
    [
        ((), "Unknown", "Unknown", None),
        ((found(DataClass.CREDENTIALS),), "Security", "Restricted", "Rule"),
        ((found(DataClass.PERSONAL_DATA, "PERSON"),), "Personal", "Private", "Learning (ML/DL)"),
        ((found(DataClass.TENANT_DATA),), "Business", "Confidential", "Exact Data Match"),
        ((found(DataClass.SOURCE_CODE, "X", "SourceCodeDetector"),), "Business", "Confidential", "Fingerprinting"),
        ((found(DataClass.ACCESS_LOGS), found(DataClass.PERSONAL_DATA)), "Other", "Private", "Rule"),
        ((found(DataClass.CONFIDENTIAL_RECORDS),), "Business", "Confidential", "Rule"),
    ],
)
def test_what_was_found(
    finding_of: Any,
    make_event: Any,
    findings: tuple[Finding, ...],
    category: str,
    confidentiality: str,
    analytic: str | None,
) -> None:
    event = finding_of(make_event(findings=findings, shapes=()))
    assert list(mistakes(event)) == []
    data = event["data_security"]
    assert (data["category"], data["confidentiality"], data["total"]) == (category, confidentiality, len(findings))
    assert sum(each["count"] for each in data.get("discovery_details", ())) == len(findings)
    assert event["finding_info"].get("analytic", {}).get("type") == analytic


@pytest.mark.parametrize(
    ("inspection", "status"),
    [
        (Inspection.INSPECTED, "Complete"),
        (Inspection.PARTLY_INSPECTED, "Partial"),
        (Inspection.NOT_INSPECTED, "Fail"),
    ],
)
def test_what_was_inspected_and_where_it_went(
    finding_of: Any, make_event: Any, inspection: Inspection, status: str
) -> None:
    problem = None if inspection is Inspection.INSPECTED else Reason(Code.FILE_ENCRYPTED, {"kind": "pdf"})
    circumstances = Circumstances(
        Identity("alice", "p_abcdefghijklmnop"), PATTERN, inspection=inspection, problem=problem
    )
    event = finding_of(make_event(circumstances=circumstances, host="acme.openai.azure.com"))
    assert list(mistakes(event)) == []
    assert event["data_security"]["status"] == status
    assert event["data_security"].get("status_details", []) == ([str(problem)] if problem else [])
    assert event["dst_endpoint"] == {"svc_name": "azure", "domain": "openai.azure.com"}


def test_a_person_is_a_pseudonym_in_one_place(finding_of: Any, make_event: Any) -> None:
    event = finding_of(make_event(found=1))
    assert event["actor"] == {"user": {"uid": "p_abcdefghijklmnop"}}
    assert orjson.dumps(event).count(b"p_abcdefghijklmnop") == 1
    assert event["metadata"]["uid"] == event["finding_info"]["uid"]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("class_uid",), 2001, "class_uid has no value 2001"),
        (("activity_id",), None, "activity_id is required"),
        (("metadata", "version"), None, "metadata.version is required"),
        (("metadata", "product"), None, "metadata.product is required"),
        (("finding_info", "uid"), None, "finding_info.uid is required"),
        (("finding_info", "analytic", "type_id"), None, "finding_info.analytic.type_id is required"),
        (("disposition_id",), 28, "disposition_id has no value 28"),
        (("disposition",), "Denied", "disposition is not the caption of disposition_id 2"),
        (("data_security", "category_id"), 7, "data_security.category_id has no value 7"),
        (("data_security", "status_id"), 4, "data_security.status_id has no value 4"),
        (("severity_id",), "4", "severity_id is no integer"),
        (("time",), 1772357402, "time is not in milliseconds"),
        (("verdict_id",), 1, "verdict_id is unknown"),
        (("actor", "user", "uid"), None, "actor.user. has none of account, name, uid"),
        (("resources", 0, "role_id"), 5, "resources[0].role_id has no value 5"),
    ],
)
def test_the_check_finds_what_is_wrong(
    finding_of: Any, make_event: Any, place: tuple[str | int, ...], value: Any, said: str
) -> None:
    event = finding_of(make_event(action=Action.BLOCK, found=1))
    holder: Any = event
    for name in place[:-1]:
        holder = holder[name]
    if value is None:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    assert said in list(mistakes(event))
