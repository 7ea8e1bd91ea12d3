from __future__ import annotations

import pytest

from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState, as_allow_list, next_end
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.detectors.values import fingerprint

KEY = bytes(range(32))


def alarm(value: str, entity_type: str = "EMAIL_ADDRESS", expires: str = "2026-03-09") -> FalseAlarm:
    accepted = FalseAlarmState.ACCEPTED
    name = fingerprint(value, KEY)
    return FalseAlarm(value, name, entity_type, "personal_data", "pg-1", "", "a", "Ann", "2026", expires, accepted)


def test_a_value_passes_for_its_type_alone() -> None:
    base = AllowList(version="v", key=KEY)
    allowed = as_allow_list(base, [alarm("a@ours.test"), alarm("b@ours.test"), alarm("Ann Lee", "PERSON")])
    asked = [("A@ours.test", "EMAIL_ADDRESS"), ("b@ours.test", "EMAIL_ADDRESS"), ("Ann Lee", "EMAIL_ADDRESS")]
    assert [allowed.allows(*each) for each in asked] == [True, True, False]
    assert not base.allows("a@ours.test", "EMAIL_ADDRESS")
    assert len(allowed.allowances) == 2
    assert [allowed.entry(*each) for each in asked] == ["a@ours.test", "b@ours.test", None]  # their ids, here
    assert allowed.entry_of(fingerprint("Ann Lee", KEY)) == "Ann Lee"


def test_the_version_says_whether_anything_has_changed() -> None:
    base = AllowList(version="v", key=KEY)
    one, two = alarm("a@ours.test"), alarm("b@ours.test")
    lists = [as_allow_list(base, alarms) for alarms in ([], [one], [one, two], [two, one])]
    versions = [each.version for each in lists]
    assert versions[0] == "v"
    assert len(set(versions)) == 3
    assert versions[2] == versions[3]


@pytest.mark.parametrize(("ends", "first"), [([], ""), (["2026-03-09", "2026-03-02"], "2026-03-02")])
def test_the_first_end(ends: list[str], first: str) -> None:
    assert next_end([alarm("a", expires=end) for end in ends]) == first
