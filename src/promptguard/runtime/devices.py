"""Credentials of devices, as the command line makes and revokes them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from promptguard.authentication.devices import ID, DeviceCredentials, issue
from promptguard.configuration.bundle import IDENTITIES, load_bundle
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import open_keys

_KEY: Final = "revoked_devices:"


def issue_device(config: Path, data: Path, user: str, days: int) -> tuple[DeviceCredentials, datetime]:
    """Credentials for a device of a user, and until when they hold.

    Raises:
        ConfigError: the configuration or the master key cannot be read.
    """
    settings = load_bundle(config).settings
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    key = open_keys(DataFolder(data), settings).devices
    return issue(key, user.casefold() if settings.identity.ldap else user, until.timestamp()), until


def revoke_device(config: Path, id: str) -> Path:
    """Write down that a device's credentials do not count any more. The file that it was written to.

    Raises:
        PromptGuardError: the id is none, or is there already.
        ConfigError: the file cannot be read, or has its list in another form.
    """
    if not ID.fullmatch(id):
        raise PromptGuardError(f"‘{id}’ is no id of a device, such as dev-0123456789ab.")
    if id in load_bundle(config).identities.revoked_devices:
        raise PromptGuardError(f"{id} is revoked already.")
    file = config / IDENTITIES
    before = file.read_text("utf-8") if file.exists() else None
    lines = (before or "").splitlines()
    if _KEY in lines:
        lines.insert(lines.index(_KEY) + 1, f"  - {id}")
    else:
        lines += [_KEY, f"  - {id}"]
    _replace(file, "\n".join(lines) + "\n")
    try:
        if id in load_bundle(config).identities.revoked_devices:
            return file
        problem = "the id could not be added"
    except ConfigError:
        problem = "`revoked_devices` is written in another form than a list below it"
    if before is None:
        file.unlink()
    else:
        _replace(file, before)
    raise ConfigError(file, None, problem, f"Add {id} to it by hand.")


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, "utf-8")
    if file.exists():
        shutil.copymode(file, draft)
    draft.replace(file)
