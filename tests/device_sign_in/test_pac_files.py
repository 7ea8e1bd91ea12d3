from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promptguard.device_sign_in.client import is_signed
from promptguard.device_sign_in.pac_files import Device, PacFiles

KEY = bytes(32)
ANNAS = Device("dev-0123456789ab", datetime.fromtimestamp(2000, UTC))


def pac_files(*, key: bytes = KEY, revoked: frozenset[str] = frozenset(), now: float = 1000.0) -> PacFiles:
    return PacFiles(key, lambda: revoked, lambda: now)


def test_an_address_is_a_devices_until_its_day() -> None:
    path = pac_files().path_for(ANNAS)
    assert pac_files().device_at(path) == ANNAS
    assert pac_files(now=2000.0).device_at(path) is None
    assert pac_files(revoked=frozenset({ANNAS.id})).device_at(path) is None
    assert pac_files(key=b"x" * 32).device_at(path) is None


@pytest.mark.parametrize("change", ["id", "until", "seal", "none", "long", "empty"])
def test_what_was_not_made_here_is_nobodys(change: str) -> None:
    id, until, seal = pac_files().path_for(ANNAS).split(".")
    changed = {
        "id": f"dev-ba9876543210.{until}.{seal}",
        "until": f"{id}.9999.{seal}",
        "seal": f"{id}.{until}.{'B' if seal[0] == 'A' else 'A'}{seal[1:]}",
        "none": f"{id}.{until}.",
        "long": f"{id}.{'9' * 40}.{seal}",
        "empty": "",
    }
    assert pac_files().device_at(changed[change]) is None


def test_a_file_says_whose_it_is_and_is_signed() -> None:
    made = pac_files()
    content = made.content(ANNAS, "function FindProxyForURL() {}")
    assert content == b"// For the device dev-0123456789ab, until 1970-01-01T00:33:20Z.\nfunction FindProxyForURL() {}"
    signature = made.signature(content)
    assert is_signed(content, signature, made.public_key)
    assert not is_signed(content + b"\n", signature, made.public_key)
    assert not is_signed(content, signature, pac_files(key=b"x" * 32).public_key)
    assert not is_signed(content, signature, "no key")
    assert made.content(None, "rest").startswith(b"// It is no device's")
