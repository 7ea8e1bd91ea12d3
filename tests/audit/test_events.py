import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from promptguard.audit.events import build_event, new_event_id, normalised_event_id, timestamp
from promptguard.audit.record import canonical
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
    Position,
    Prompt,
    Purpose,
    Role,
    Route,
    Ruling,
    Segment,
    Status,
)
from promptguard.reasons import Code, Reason

PLANTED = "Planted" + "Value4711"


def test_ids_are_speakable_and_never_the_same() -> None:
    ids = {new_event_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"pg(-[0-9A-HJKMNP-TV-Z]{4}){4}", id) for id in ids)


@pytest.mark.parametrize(
    "written",
    [
        "pg-01AB-CDEF-GHJK-MNPQ",
        "PG-01AB-CDEF-GHJK-MNPQ",
        "pg-01ab-cdef-ghjk-mnpq",
        " pg 01ab cdef ghjk mnpq ",
        "01abcdefghjkmnpq",
        "pg-OIab-cdef-ghjk-mnpq",
        "pg-olab-cdef-ghjk-mnpq",
        "pg-01AB-CDEF-GHJK-MNPQ.",
        "“pg-01AB-CDEF-GHJK-MNPQ”,",
    ],
)
def test_ids_as_people_write_them(written: str) -> None:
    assert normalised_event_id(written) == "pg-01AB-CDEF-GHJK-MNPQ"


def test_normalising_keeps_ids() -> None:
    for _ in range(200):
        id = new_event_id()
        assert normalised_event_id(id) == id


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "2026-03-01T09:30:00.000Z"),
        (datetime(2026, 3, 1, 9, 30, 0, 123_999, UTC), "2026-03-01T09:30:00.123Z"),
        (datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T07:30:00.000Z"),
    ],
)
def test_timestamp(moment: datetime, expected: str) -> None:
    assert timestamp(moment) == expected


def test_event_of_a_redaction() -> None:
    destination = Destination(
        "acme", "Acme AI", ("api.acme.test",), Kind.API, Status.APPROVED, (Route("/v1/*", "generic", Purpose.UPLOAD),)
    )
    prompt = Prompt(
        destination,
        Purpose.UPLOAD,
        "generic",
        (
            Segment(("system",), "be kind", Role.SYSTEM, Position.HISTORY),
            Segment(("text",), "I am x@y.test, tenant Acme", Role.USER),
        ),
    )
    event = build_event(
        id="pg-0000-0000-0000-0000",
        circumstances=Circumstances(
            Identity("alice", "p_alice", frozenset({"staff", "admins"}), "address"), destination, Purpose.UPLOAD
        ),
        decision=Decision(
            Action.REDACT,
            "redact-pii",
            "Personal data is redacted.",
            (Ruling(Action.REDACT, "redact-pii", "…"), Ruling(Action.ALLOW, "tenants-ok", "…")),
            would=Action.BLOCK,
        ),
        prompt=prompt,
        findings=(
            Finding(1, 5, 13, "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.87654321, "EmailRecognizer", "f1"),
            Finding(1, 22, 26, "TENANT", DataClass.TENANT_DATA, 1.0, "TenantRecognizer", "f2", "acme-corp"),
        ),
        shapes=("a@a.aaaa", "Aaaa"),
        method="post",
        host="API.acme.test:443",
        route="/v1/*",
        format="generic",
        policy_version="7",
        policy_hash="hash",
        ruleset_version="ruleset",
        detectors=["patterns"],
        body_bytes=99,
        latency_ms={"scan": 1.5},
        now=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    )
    assert event == Event(
        id="pg-0000-0000-0000-0000",
        time="2026-03-01T09:30:00.000Z",
        pseudonym="p_alice",
        groups=("admins", "staff"),
        identity_source="address",
        destination="acme",
        destination_status="approved",
        host="api.acme.test",
        method="POST",
        route="/v1/*",
        format="generic",
        purpose="upload",
        action="redact",
        would="block",
        rule="redact-pii",
        reason="Personal data is redacted.",
        policy_version="7",
        policy_hash="hash",
        ruleset_version="ruleset",
        inspection="inspected",
        problem="",
        detectors=("patterns",),
        findings=(
            {
                "segment": 1,
                "role": "user",
                "position": "new",
                "start": 5,
                "end": 13,
                "entity_type": "EMAIL_ADDRESS",
                "data_class": "personal_data",
                "score": 0.8765,
                "detector": "EmailRecognizer",
                "fingerprint": "f1",
                "shape": "a@a.aaaa",
                "subject": "",
                "action": "redact",
                "rule": "redact-pii",
            },
            {
                "segment": 1,
                "role": "user",
                "position": "new",
                "start": 22,
                "end": 26,
                "entity_type": "TENANT",
                "data_class": "tenant_data",
                "score": 1.0,
                "detector": "TenantRecognizer",
                "fingerprint": "f2",
                "shape": "Aaaa",
                "subject": "acme-corp",
                "action": "allow",
                "rule": "tenants-ok",
            },
        ),
        segments=2,
        characters=33,
        body_bytes=99,
        latency_ms={"scan": 1.5},
    )


def test_event_of_a_request_that_could_not_be_read(make_event: Callable[..., Event]) -> None:
    circumstances = Circumstances(
        Identity("alice", "p_alice"),
        Destination("acme", "Acme AI", ("api.acme.test",), Kind.API, Status.APPROVED),
        inspection=Inspection.NOT_INSPECTED,
        problem=Reason(Code.ENCODING_BROKEN),
    )
    event = make_event(circumstances=circumstances, prompt=None, action=Action.BLOCK)
    assert (event.inspection, event.problem, event.segments, event.characters, event.findings) == (
        "not_inspected",
        "encoding.broken",
        0,
        0,
        (),
    )


@pytest.mark.parametrize(
    ("host", "recorded"),
    [
        ("api.openai.com", "api.openai.com"),
        ("API.OpenAI.com.", "api.openai.com"),
        ("api.openai.com:8443", "api.openai.com"),
        (f"{PLANTED}:secret@api.openai.com:443", "api.openai.com"),
        (f"{PLANTED}.example.com", "*.example.com"),
        ("example.com", ""),
        (f"{PLANTED}.test", ""),
        ("notapi.openai.com", ""),
        ("evilexample.com", ""),
        ("", ""),
    ],
)
def test_host_is_the_registrys_own(make_event: Callable[..., Event], host: str, recorded: str) -> None:
    assert make_event(host=host).host == recorded


@pytest.mark.parametrize(
    ("route", "recorded"), [("/v1/chat/completions", "/v1/chat/completions"), (f"/{PLANTED}", ""), ("", "")]
)
def test_route_is_the_registrys_own(make_event: Callable[..., Event], route: str, recorded: str) -> None:
    assert make_event(route=route).route == recorded


@pytest.mark.parametrize(
    ("method", "recorded"), [("POST", "POST"), ("get", "GET"), ("WEBSOCKET", "WEBSOCKET"), (PLANTED, "OTHER")]
)
def test_method_is_a_known_one(make_event: Callable[..., Event], method: str, recorded: str) -> None:
    assert make_event(method=method).method == recorded


@pytest.mark.parametrize(
    ("shape", "recorded"),
    [
        ("aaa.aaa@aaa.aa", "aaa.aaa@aaa.aa"),
        ("AA99 9999 …", "AA99 9999 …"),
        ("Zoë-42", "Aaa-99"),
        ("٣²½", "999"),
        ("漢字", "aa"),
        ("_-_", "_-_"),
        ("\ud800a", "?a"),
        ("a" * 200, "a" * 64),
    ],
)
def test_shapes_are_masked_whatever_is_passed(make_event: Callable[..., Event], shape: str, recorded: str) -> None:
    assert make_event(found=1, shapes=[shape]).findings[0]["shape"] == recorded


def test_nothing_of_the_request_is_in_the_event(make_event: Callable[..., Event]) -> None:
    """Every field of what comes from the person or the request holds a planted value; the event holds none."""
    destination = Destination(
        "acme", "Acme AI", ("*.acme.test",), Kind.API, Status.APPROVED, (Route("/v1/*", "generic"),)
    )
    prompt = Prompt(
        destination,
        Purpose.PROMPT,
        "generic",
        (Segment((PLANTED,), f"{PLANTED} and more", Role.USER, label=PLANTED),),
    )
    event = make_event(
        circumstances=Circumstances(Identity(PLANTED, "p_alice"), destination),
        prompt=prompt,
        found=1,
        shapes=[PLANTED],
        method=PLANTED,
        host=f"{PLANTED}:{PLANTED}@{PLANTED}.acme.test:443",
        route=f"/v1/{PLANTED}?q={PLANTED}",
    )
    written = canonical(event).event.decode().lower()
    assert "p_alice" in written
    assert PLANTED.lower() not in written


def test_lone_surrogates_do_not_stop_the_record(make_event: Callable[..., Event]) -> None:
    event = make_event(found=1, decision=Decision(Action.ALLOW, "rule", "because \ud800"), shapes=["\udfff"])
    assert b"because ?" in canonical(event).event


@pytest.mark.parametrize("shapes", [["a"], ["a", "a", "a"]])
def test_one_shape_for_each_finding(make_event: Callable[..., Event], shapes: list[str]) -> None:
    with pytest.raises(ValueError, match="one shape"):
        make_event(found=2, shapes=shapes)


def test_one_ruling_for_each_finding(make_event: Callable[..., Event]) -> None:
    decision = Decision(Action.ALLOW, "rule", "reason", (Ruling(Action.ALLOW, "rule", "reason"),))
    with pytest.raises(ValueError, match="one ruling"):
        make_event(found=2, decision=decision)


def test_findings_without_shapes_and_rulings(make_event: Callable[..., Event]) -> None:
    event = make_event(found=1, shapes=(), action=Action.BLOCK)
    assert (event.findings[0]["shape"], event.findings[0]["action"], event.findings[0]["rule"]) == (
        "",
        "block",
        "the-rule",
    )


def test_time_is_the_present_by_default(make_event: Callable[..., Event]) -> None:
    event = make_event()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.time)
    assert replace(event, time="") == replace(make_event(id=event.id), time="")
