"""Which files of a configuration all proxies have in common, and whose signature makes them take some up.

`promptguard.yaml`, and the files that it names, are each machine's own: where it listens, which database, whose
signatures count.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pydantic import Field

from promptguard.configuration import destinations
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.policy.publications import Publication
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.reading import YamlFile

SHARED: Final = frozenset(
    {
        "policy.yaml",
        "identities.yaml",
        "incidents.yaml",
        "recognizers",
        "notices",
        destinations.FOLDER,
        destinations.FILE,
        destinations.NEVER_DECRYPT,
    }
)
"""The files and folders that are published."""

DOCUMENT: Final = ".md"
"""Files beside them that end so are published, too: one may be the document that people acknowledge. Other texts are
each machine's own: they may be secrets."""

MAX_KEY_FILE: Final = 64 * 1024
"""Bytes; no file of a key is longer."""


class ConfigurationSettings(Section):
    """Where the rest of the configuration comes from."""

    signed_by: OneOrMore[Path] = Field(
        default=(),
        description=(
            "Public keys (Ed25519, PEM) of those who may publish a configuration for all proxies that share a "
            "database; a relative path starts at this folder. By default nobody may, and these files alone count."
        ),
    )
    at_least: int = Field(
        default=0,
        ge=0,
        description=(
            "The lowest number of a published configuration that this machine takes up. So a new machine, which has "
            "none yet, is given no older one that was signed once. Until one of it is published, the machine goes by "
            "what it has, and says so as a problem."
        ),
    )


class WrongKey(PromptGuardError):
    """A key that cannot be used; the message says why."""


def is_shared(name: str) -> bool:
    """Whether a file belongs to what is published, by its path in the configuration folder."""
    parts = PurePosixPath(name).parts
    if not parts or any(part.startswith(".") or "\\" in part for part in parts):
        return False
    return parts[0] in SHARED or (len(parts) == 1 and PurePosixPath(name).suffix == DOCUMENT)


def shared_files(folder: Path) -> dict[str, bytes]:
    """What of a folder is published, by paths with slashes.

    Raises:
        OSError: a file cannot be read.
    """
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in names.items() if is_shared(name)}


def checked_signers(file: YamlFile, folder: Path, settings: ConfigurationSettings) -> ConfigurationSettings:
    """The settings with absolute paths, whose keys can be used.

    Raises:
        ConfigError: one cannot be.
    """
    paths = tuple((folder / path.expanduser()).absolute() for path in settings.signed_by)
    for index, path in enumerate(paths):
        where = ("configuration", "signed_by", index)
        try:
            load_public(path)
        except OSError as error:
            raise file.error(where, f"{path} cannot be read: {error.strerror}", _MAKE) from None
        except WrongKey as error:
            raise file.error(where, f"{path}: {error}", _MAKE) from None
    return settings.model_copy(update={"signed_by": paths})


def load_public(file: Path) -> Ed25519PublicKey:
    """The public key in a file.

    Raises:
        WrongKey: there is none, or another kind of key.
        OSError: the file cannot be read.
    """
    try:
        key = load_pem_public_key(_read(file))
    except ValueError:
        raise WrongKey("this is no public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise WrongKey("this is a public key of another kind than Ed25519")
    return key


def load_private(file: Path, passphrase: str) -> Ed25519PrivateKey:
    """The private key in a file.

    Raises:
        WrongKey: there is none, another kind of key, or the passphrase is wrong.
        OSError: the file cannot be read.
    """
    content = _read(file)
    password = passphrase.encode() if b"BEGIN ENCRYPTED" in content else None
    try:
        key = load_pem_private_key(content, password)
    except (ValueError, TypeError):
        raise WrongKey(f"{file}: the passphrase is wrong, or this is no private key in PEM.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKey(f"{file}: this is a private key of another kind than Ed25519.")
    return key


def check_signature(publication: Publication, signers: Sequence[Path]) -> None:
    """See that somebody has published it who may.

    Raises:
        ConfigError: nobody has, or a key cannot be read.
    """
    for file in signers:
        try:
            load_public(file).verify(publication.signature, publication.signed)
        except InvalidSignature:
            continue
        except (OSError, WrongKey) as error:
            raise ConfigError(file, None, f"The key cannot be read: {error}.", _MAKE) from None
        return
    raise PromptGuardError("It is signed by none of the keys in configuration.signed_by.")


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_KEY_FILE + 1)


_MAKE = "`promptguard configuration keygen --out FILE` makes a pair; put the public key into this folder."
