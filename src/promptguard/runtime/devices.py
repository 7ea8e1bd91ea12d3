"""Credentials of devices, as the command line makes and revokes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from promptguard.authentication.devices import ID, DeviceCredentials, issue
from promptguard.configuration.bundle import IDENTITIES, load_bundle
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import open_keys

_DEVICES: Final = "revoked_devices:"
_USERS: Final = "devices_revoked_before:"


def issue_device(config: Path, data: Path, user: str, days: int) -> tuple[DeviceCredentials, datetime]:
    """Credentials for a device of a user, and until when they hold.

    Raises:
        ConfigError: the configuration or the master key cannot be read.
    """
    settings = load_bundle(config).settings
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    key = open_keys(DataFolder(data), settings).devices
    return issue(key, _as_known(user, settings), until.timestamp()), until


def revoke_device(config: Path, id: str) -> Path:
    """Write down that a device's credentials do not count any more. The file that it was written to.

    Raises:
        PromptGuardError: the id is none, or is there already.
        ConfigError: the file cannot be read, or has its list in another form.
    """
    if not ID.fullmatch(id):
        raise PromptGuardError(f"‘{id}’ is no id of a device, such as dev-0123456789ab.")
    if id in load_bundle(config).identities.device_revocations.devices:
        raise PromptGuardError(f"{id} is revoked already.")
    return _add(config, _DEVICES, f"  - {id}", lambda revoked: id in revoked.devices)


def revoke_devices_of(config: Path, user: str) -> Path:
    """Write down that what devices of a user were given until now does not count any more. See `revoke_device`."""
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)  # what is made within this second, too
    user = _as_known(user, load_bundle(config).settings)
    line = f"  {json.dumps(user, ensure_ascii=False)}: {now:%Y-%m-%dT%H:%M:%SZ}"
    return _add(config, _USERS, line, lambda revoked: revoked.before.get(user.casefold()) == now.timestamp())


def _as_known(user: str, settings: Settings) -> str:
    """A user's name as those that vouch for users write it, so that one person is one user."""
    if settings.identity.openid:
        return settings.identity.openid.user_of(user) or user.casefold()
    return user.casefold() if settings.identity.ldap else user


def _add(config: Path, key: str, line: str, is_there: Callable[[DeviceRevocations], bool]) -> Path:
    """Add a line below a key of `identities.yaml`, in place of one there that has the same key.

    Raises:
        ConfigError: the file cannot be read, or has what is below the key in another form.
    """
    file = config / IDENTITIES
    before = file.read_text("utf-8") if file.exists() else None
    lines = (before or "").splitlines()
    if key not in lines:
        lines += [key]
    begin = lines.index(key) + 1
    end = next((at for at in range(begin, len(lines)) if not lines[at].startswith(" ")), len(lines))
    name, colon, _ = line.partition(": ")
    kept = [each for each in lines[begin:end] if not colon or not each.startswith(f"{name}:")]
    lines[begin:end] = [line, *kept]
    _replace(file, "\n".join(lines) + "\n")
    try:
        if is_there(load_bundle(config).identities.device_revocations):
            return file
        problem = "the line could not be added"
    except ConfigError:
        problem = f"`{key[:-1]}` is written in another form than lines below it"
    if before is None:
        file.unlink()
    else:
        _replace(file, before)
    raise ConfigError(file, None, problem, f"Add it by hand: {line.strip()}")


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, "utf-8")
    if file.exists():
        shutil.copymode(file, draft)
    draft.replace(file)
