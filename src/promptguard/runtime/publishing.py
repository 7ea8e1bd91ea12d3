"""Signs a configuration and publishes it for all proxies that share a database; takes one back by publishing another.

Done by an administrator who has the private key, on a machine with the configuration, the master key and the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.publishing import is_shared, load_public
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.publications import Publication, PublicationRun, PublicationStore, files_hash
from promptguard.policy.versions import MAX_SILENCE_SECONDS
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.publications import tried_out
from promptguard.runtime.recognizers import recognizers_of
from promptguard.wire.formats import load_formats

_LOOK_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Signer:
    """Who publishes."""

    author: str
    key: Ed25519PrivateKey


def check_signer(key: Ed25519PrivateKey, signers: Sequence[Path]) -> None:
    """See that proxies with this configuration would take up what is signed with a key.

    Raises:
        PromptGuardError: they would not.
    """
    if not signers:
        raise PromptGuardError(
            "promptguard.yaml names nobody who may publish. Put the public key into the configuration folder of each "
            "proxy, and into its promptguard.yaml:  configuration: {signed_by: FILE}"
        )
    ours = key.public_key().public_bytes_raw()
    if all(load_public(file).public_bytes_raw() != ours for file in signers):
        raise PromptGuardError(
            "The proxies would refuse it: this key's public half is none of configuration.signed_by in their "
            "promptguard.yaml."
        )


def check_files(config: Path, files: Mapping[str, bytes], source: Path = Path(), *, cache: Path | None = None) -> None:
    """See that a configuration can be used.

    Args:
        source: the folder that the files are from, for mistakes in them.
        cache: as in `load_recognizers`; what a proxy with this data folder has compiled need not be compiled again.

    Raises:
        PromptGuardError: there is a mistake in it.
    """
    with tried_out(config, files) as folder:
        try:
            _check(folder, cache if cache is not None and cache.is_dir() else None)
        except ConfigError as error:
            if not error.file.is_relative_to(folder):
                raise
            name = error.file.relative_to(folder)
            place = source if is_shared(name.as_posix()) else config
            raise ConfigError(place / name, error.line, error.problem, error.remedy) from None


def _check(folder: Path, cache: Path | None) -> None:
    from promptguard.detectors.registry import entity_types

    bundle = load_bundle(folder, formats=load_formats())
    recognizers = recognizers_of(bundle, cache)
    for doubt in bundle.doubts(entity_types=entity_types(recognizers)):
        if doubt.is_mistake:
            raise doubt.error


def publish(
    store: PublicationStore, files: Mapping[str, bytes], signer: Signer, reason: str, restores: int = 0
) -> Publication:
    """Sign files and publish them, whatever they say: look at them before.

    Args:
        restores: the number of the earlier version whose files these are.

    Raises:
        StorageError: they cannot be published.
    """
    newest = store.newest()
    taken = (run.taken for run in store.running(_since()))
    number = max(newest.number if newest else 0, *taken, 0) + 1
    now = timestamp(datetime.now(UTC))
    publication = Publication(number, files_hash(files), now, signer.author[:100], reason, restores)
    publication = publication.with_signature(signer.key.sign(publication.signed))
    store.publish(publication, files)
    return publication


def earlier(store: PublicationStore, number: int | None) -> tuple[Publication, Mapping[str, bytes]]:
    """A version to go back to, with its files.

    Args:
        number: which; None takes the one before that in force.

    Raises:
        PromptGuardError: there is none, or it cannot be opened.
    """
    versions = store.all()
    wanted = versions[1:2] if number is None else [each for each in versions[1:] if each.number == number]
    if not wanted:
        there = ", ".join(str(each.number) for each in versions[1:]) or "none"
        raise PromptGuardError(f"There is no earlier version {number or ''}to go back to. There are: {there}.")
    files = store.files(wanted[0])
    if files is None or files_hash(files) != wanted[0].hash:
        raise PromptGuardError(f"Version {wanted[0].number} is damaged, or was written with another master key.")
    return wanted[0], files


def taken_up(
    store: PublicationStore, number: int, seconds: float, sleep: Callable[[float], object] = time.sleep
) -> Sequence[PublicationRun]:
    """Wait until all running proxies have taken a version up or refused it, or so many seconds; what they run then."""
    until = time.monotonic() + seconds
    while True:
        found = store.running(_since())
        if time.monotonic() > until or all(number in (run.taken, run.refused) for run in found):
            return found
        sleep(_LOOK_SECONDS)


def configuration_key(folder: DataFolder) -> bytes:
    """The key that publications are encrypted with.

    Raises:
        ConfigError: there is no master key.
    """
    return Keys.load(folder.keys).configuration


def _since() -> str:
    return timestamp(datetime.now(UTC) - timedelta(seconds=MAX_SILENCE_SECONDS))
