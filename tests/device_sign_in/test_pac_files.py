from __future__ import annotations

import pytest

from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.device_sign_in.client import is_signed
from promptguard.device_sign_in.pac_files import Device, PacFiles

KEY = bytes(32)
ANNAS = Device("dev-0123456789ab", "anna", 500.0, 2000.0)


def pac_files(*, key: bytes = KEY, revoked: DeviceRevocations | None = None, now: float = 1000.0) -> PacFiles:
    return PacFiles(key, lambda: revoked or DeviceRevocations(), lambda: now)


def test_an_address_is_a_devices_until_its_day() -> None:
    path = pac_files().path_for(ANNAS)
    assert "anna" not in path and path.replace("-", "").replace("_", "").isalnum()
    assert pac_files().device_at(path) == ANNAS
    assert pac_files(now=2000.0).device_at(path) is None
    assert pac_files(revoked=DeviceRevocations(frozenset({ANNAS.id}))).device_at(path) is None
    assert pac_files(revoked=DeviceRevocations(before={"anna": 600.0})).device_at(path) is None
    assert pac_files(key=b"x" * 32).device_at(path) is None


@pytest.mark.parametrize("change", ["letter", "shorter", "none", "long", "other letters"])
def test_what_was_not_made_here_is_nobodys(change: str) -> None:
    path = pac_files().path_for(ANNAS)
    changed = {
        "letter": ("B" if path[0] == "A" else "A") + path[1:],
        "shorter": path[:-4],
        "none": "",
        "long": "A" * 4000,
        "other letters": f"ä{path}",
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
