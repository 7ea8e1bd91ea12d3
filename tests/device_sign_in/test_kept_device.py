from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptguard.device_sign_in.client import Device
from promptguard.device_sign_in.kept_device import keep, keep_pac, read_kept
from promptguard.errors import PromptGuardError

URL = "https://proxy.corp.example:8443"
PROXIES = ("https://proxy.corp.example:8080",)
DEVICE = Device("dev-0123456789ab", "p-_w", "2027-02-14T08:00:14Z", PROXIES, f"{URL}/x/proxy.pac", "key")


def test_what_is_kept_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "device"
    keep(folder, DEVICE, URL)
    assert keep_pac(folder, b"pac", b"signature").read_bytes() == b"pac"
    address = "https://dev-0123456789ab:p-_w@proxy.corp.example:8080"
    assert (folder / "proxy.env").read_text() == f"HTTPS_PROXY={address}\nhttps_proxy={address}\n"
    told = {"url": URL, "user": DEVICE.user, "expires_at": DEVICE.expires_at}
    assert read_kept(folder) == {**told, "pac_url": DEVICE.pac_url, "pac_key": "key"}
    assert DEVICE.password not in (folder / "device.json").read_text()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} == {"device.json", "proxy.env", "proxy.pac", "proxy.pac.sig"}


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"url": 1}'])
def test_where_no_device_is_kept(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "device.json").write_text(content)
    with pytest.raises(PromptGuardError, match="promptguard devices sign-in"):
        read_kept(tmp_path)
