"""One marked event through a sink, to see whether it arrives: nobody's decision, and in no record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from promptguard.audit.events import build_event, new_event_id
from promptguard.audit.privacy import OutgoingRecord, PrivacyFilter
from promptguard.audit.record import canonical, parsed
from promptguard.audit.sinks.interface import NO_HASH, AnySink, SinkFailed
from promptguard.model import Action, Circumstances, Decision, Destination, Identity, Kind, Status

_NAME: Final = "promptguard_test"
_REASON: Final = "A test of `promptguard siem test`: nothing was sent to any AI service."


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a test event."""

    event_id: str
    ok: bool
    said: str
    """What came back, or what went wrong."""
    remedy: str = ""
    """What would be right; empty where all is."""


def try_out(sink: AnySink, may_leave: PrivacyFilter) -> Trial:
    """Hand a sink one test event, and let go of it."""
    record = _test_record(may_leave)
    try:
        return Trial(record["id"], True, sink.deliver([record]))
    except SinkFailed as failed:
        return Trial(record["id"], False, failed.problem, failed.remedy)
    except OSError as error:  # such as a CA file that holds no certificate
        return Trial(record["id"], False, error.strerror or type(error).__name__, "Look at the files that it names.")
    finally:
        sink.close()


def _test_record(may_leave: PrivacyFilter) -> OutgoingRecord:
    """An allowed request without findings to a service that does not exist, marked as a test."""
    destination = Destination(_NAME, "Test", (), Kind.API, Status.APPROVED, ())
    event = build_event(
        id=new_event_id(),
        circumstances=Circumstances(Identity("", ""), destination),
        decision=Decision(Action.ALLOW, _NAME, _REASON),
        prompt=None,
        method="POST",
        host="",
        route="",
        format="",
        policy_version="",
        policy_hash="",
        ruleset_version="",
    )
    place = {"chain": "test", "sequence": 1, "previous_hash": NO_HASH, "hash": NO_HASH, "test": True}
    return may_leave({**parsed(canonical(event).event), **place})
