from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from promptguard.authentication.devices import DeviceUsers
from promptguard.authentication.interface import SignedIn
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.keys import Keys
from promptguard.runtime.devices import issue_device, revoke_device, revoke_devices_of

SHIPPED = Path(__file__).parents[2] / "config"
ONE, TWO = "dev-0123456789ab", "dev-ba9876543210"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "config"))


def test_what_is_issued_is_known_by_the_keys_of_the_installation(config: Path, tmp_path: Path) -> None:
    made, until = issue_device(config, tmp_path, "Anna", 30)
    found = DeviceUsers(Keys.load(tmp_path / "keys").devices, DeviceRevocations).remembered(made.id, made.password)
    assert isinstance(found, SignedIn) and found.user == "Anna"
    assert timedelta(days=29) < until - datetime.now(UTC) <= timedelta(days=30)


@pytest.mark.parametrize(
    ("domains", "named", "user"),
    [
        ("", "Anna", "anna"),
        ("", "Anna@corp.example", "anna@corp.example"),
        ("corp.example", "Anna", "anna"),
        ("corp.example", "Anna@Corp.example", "anna"),
        ("corp.example", "anna@other.example", "anna@other.example"),
    ],
)
def test_one_person_is_one_user_where_others_vouch_for_users(
    config: Path, tmp_path: Path, domains: str, named: str, user: str
) -> None:
    openid = "issuer: https://login.example, client_id: x, listen: 127.0.0.1:8443, url: https://proxy.example:8443"
    written = (
        f"identity: {{openid: {{{openid}, domains: [{domains}]}}}}\npac: {{proxies: [https://proxy.example:8080]}}\n"
    )
    (config / "promptguard.yaml").write_text(written)
    made, _ = issue_device(config, tmp_path, named, 30)
    found = DeviceUsers(Keys.load(tmp_path / "keys").devices, DeviceRevocations).remembered(made.id, made.password)
    assert isinstance(found, SignedIn) and found.user == user
    revoke_devices_of(config, named)
    assert user in load_bundle(config).identities.device_revocations.before


@pytest.mark.parametrize(
    "before", [None, "users:\n  anna: [it]  # ours\n", f"revoked_devices:\n  - {TWO}\nusers: {{}}\n"]
)
def test_what_is_revoked_is_added_and_all_else_stays(config: Path, before: str | None) -> None:
    file = config / "identities.yaml"
    file.unlink(missing_ok=True)
    if before is not None:
        file.write_text(before)
    assert revoke_device(config, ONE) == file
    assert ONE in load_bundle(config).identities.device_revocations.devices
    text = file.read_text()
    assert all(line in text for line in (before or "").splitlines())
    with pytest.raises(PromptGuardError, match="is revoked already"):
        revoke_device(config, ONE)


def test_a_list_in_another_form_is_left_as_it_is(config: Path) -> None:
    file = config / "identities.yaml"
    file.write_text(f"revoked_devices: [{TWO}]\n")
    with pytest.raises(ConfigError, match="by hand"):
        revoke_device(config, ONE)
    assert file.read_text() == f"revoked_devices: [{TWO}]\n"


def test_what_is_no_id(config: Path) -> None:
    with pytest.raises(PromptGuardError, match="is no id of a device"):
        revoke_device(config, "anna")


@pytest.mark.parametrize(
    "before",
    [
        None,
        'users:\n  "Anna": [it]\n',
        'devices_revoked_before:\n  "Anna": 2020-01-01T00:00:00Z\n  zoe: 2020-01-01T00:00:00Z\nusers:\n  "Anna": []\n',
    ],
)
def test_what_a_users_devices_have_is_revoked_as_of_now(config: Path, before: str | None) -> None:
    file = config / "identities.yaml"
    file.unlink(missing_ok=True)
    if before is not None:
        file.write_text(before)
    earlier = datetime.now(UTC).timestamp()
    assert revoke_devices_of(config, "Anna") == file == revoke_devices_of(config, "Anna")
    identities = load_bundle(config).identities
    assert earlier < identities.device_revocations.before["anna"] <= datetime.now(UTC).timestamp() + 1
    assert ("Anna" in identities.users) is ("users" in (before or ""))
    assert ("zoe" in identities.device_revocations.before) is ("zoe" in (before or ""))


def test_users_in_another_form_are_left_as_they_are(config: Path) -> None:
    file = config / "identities.yaml"
    file.write_text("devices_revoked_before: {}\n")
    with pytest.raises(ConfigError, match="by hand"):
        revoke_devices_of(config, "anna")
    assert file.read_text() == "devices_revoked_before: {}\n"
