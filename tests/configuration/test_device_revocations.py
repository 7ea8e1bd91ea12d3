from __future__ import annotations

import pytest

from promptguard.configuration.device_revocations import DeviceRevocations, moment


@pytest.mark.parametrize("text", ["2027-05-31T14:00:00Z", "2027-05-31T16:00:00+02:00", "2027-05-31 14:00+00:00"])
def test_moments(text: str) -> None:
    assert moment(text).timestamp() == 1811772000


@pytest.mark.parametrize("text", ["", "today", "2027-05-31", "2027-05-31T14:00:00", "1811772000"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="write a moment such as"):
        moment(text)


def test_what_ends() -> None:
    revoked = DeviceRevocations(frozenset({"dev-1"}), {"anna": 100.0})
    assert revoked.ends("dev-1", "zoe", 500.0)
    assert revoked.ends("dev-2", "Anna", 99.9)
    assert not revoked.ends("dev-2", "anna", 100.0)
    assert not DeviceRevocations().ends("dev-1", "anna", 0.0)
