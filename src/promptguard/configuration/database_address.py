"""Where the PostgreSQL database is: in `promptguard.yaml`, in a file that only some may read, or in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, SecretStr, TypeAdapter, ValidationError

from promptguard.errors import ConfigError

DATABASE: Final = "PROMPTGUARD_DATABASE"
"""The environment variable that goes before all else."""
DATABASE_FILE: Final = "PROMPTGUARD_DATABASE_FILE"
"""The environment variable that names a file with the address, as systemd's `LoadCredential=` and containers' secrets
are files; it goes before `promptguard.yaml`."""

MAX_BYTES: Final = 4096
"""Of a file with an address."""

_REMEDY: Final = "Write postgresql://user:password@host:5432/database."


def _checked(url: SecretStr) -> SecretStr:
    """An address of PostgreSQL; the rest of it is libpq's to understand, when it is first connected to."""
    if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("write postgresql://user:password@host:5432/database")
    return url


type DatabaseURL = Annotated[SecretStr, AfterValidator(_checked)]
"""Printed as asterisks."""


def database_of(
    written: SecretStr | None, file: Path | None, environment: Mapping[str, str] = os.environ
) -> SecretStr | None:
    """The address that counts; None where nothing names a database.

    Args:
        written: what `promptguard.yaml` says itself.
        file: the file with the address that it names instead.

    Raises:
        ConfigError: a file cannot be read, or what the environment or a file says is no address. Nothing of an address
            is repeated, as it may hold a password.
    """
    if url := environment.get(DATABASE):
        return _address(url, Path(DATABASE))
    if named := environment.get(DATABASE_FILE):
        return _address(_content(Path(named)), Path(named))
    if file is not None:
        return _address(_content(file), file)
    return written


def _address(text: str, where: Path) -> SecretStr:
    try:
        address: SecretStr = TypeAdapter(DatabaseURL).validate_python(text)
        return address
    except ValidationError:  # its words quote the address
        raise ConfigError(where, None, "this is no address of a PostgreSQL database", _REMEDY) from None


def _content(path: Path) -> str:
    """The one line of a file, in UTF-8, without spaces around it."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ConfigError(path, None, "this is not UTF-8 text", "Save the file in the UTF-8 encoding.") from None
    except OSError as error:
        remedy = "It holds the address of the database: see that the user who runs this may read it."
        raise ConfigError(path, None, f"this file cannot be read: {error.strerror}", remedy) from None
    if len(content) > MAX_BYTES or len(text.splitlines()) > 1:
        raise ConfigError(path, None, "this is more than the one line with an address of a database", _REMEDY)
    return text
