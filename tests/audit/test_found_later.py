"""What was found later, beside the decisions of a record: on each kind of database."""

from __future__ import annotations

import orjson
import pytest

from promptguard.audit.found_later import FoundLater, Kind, decision_of, found_later, record_id, show_found_later
from promptguard.audit.interface import Record, RecordDamaged, Store
from promptguard.audit.retention.classes import retention_class

PERSON = Kind("PERSON", "personal_data", "redact", "at-approved-tools")
PLACE = Kind("LOCATION", "personal_data", "redact", "at-approved-tools")
ID = "pg-AAAA-BBBB-CCCC-DDDD"


class Kept(Store):
    """A record in memory, for looking things up."""

    def __init__(self, *records: Record) -> None:
        self._records = {record.event_id: record for record in records}

    def find(self, event_id: str) -> Record | None:
        return self._records.get(event_id)


Kept.__abstractmethods__ = frozenset()


def record(event: bytes) -> Record:
    return Record(7, record_id(ID), "2026-03-01T09:30:00.000Z", "found_later", event, b"", b"", b"", "1")


def test_it_holds_kinds_and_counts() -> None:
    entry = found_later(
        decision_id=ID, decided="redact", destination="openai-api", incident="", found=[PERSON, PLACE, PERSON]
    )
    assert (entry.event_id, entry.action) == ("fl-AAAA-BBBB-CCCC-DDDD", "found_later")
    members = orjson.loads(entry.event)
    assert members["findings"] == [{**PLACE._asdict(), "count": 1}, {**PERSON._asdict(), "count": 2}]
    assert (members["decision"], members["incident"], members["time"]) == (ID, ID, entry.time)
    assert list(members) == sorted(members)
    assert retention_class(members) == "redact:personal_data"  # it is kept like the decision


@pytest.mark.parametrize("written", [ID, "pg-aaaa-bbbb-cccc-dddd", "AAAABBBBCCCCDDDD."])
def test_it_is_found_by_the_decision(written: str) -> None:
    entry = found_later(
        decision_id=ID, decided="allow", destination="openai-api", incident="", found=[PERSON, PERSON, PLACE]
    )
    later = show_found_later(Kept(record(entry.event)), written)
    assert later == FoundLater("2026-03-01T09:30:00.000Z", {PERSON: 2, PLACE: 1})
    assert later.by_type == {"LOCATION": 1, "PERSON": 2}
    assert later.plain["findings"] == orjson.loads(entry.event)["findings"]
    assert show_found_later(Kept(), written) is None


@pytest.mark.parametrize("event", [b"{", b"[]", b"{}", b'{"findings":[{}]}', b'{"findings":3}', b'{"findings":[3]}'])
def test_damage_is_told(event: bytes) -> None:
    with pytest.raises(RecordDamaged, match="Record 7 is damaged"):
        show_found_later(Kept(record(event)), ID)


def test_which_decision_a_record_is_about() -> None:
    assert decision_of(record_id(ID)) == decision_of(ID) == ID
    assert decision_of("st-0123") == "st-0123"
