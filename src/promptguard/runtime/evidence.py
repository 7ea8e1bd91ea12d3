"""Evidence of an installation: sealed as the settings say, and kept in its database."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from itertools import batched
from typing import Final

from promptguard.audit.interface import RecordingFailed
from promptguard.configuration.evidence_settings import AWAY, EvidenceSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.evidence.excerpts import Excerpt
from promptguard.evidence.interface import EvidenceStore
from promptguard.evidence.keys import load_public, private_keys_in
from promptguard.evidence.sealing import EvidenceSealer
from promptguard.keys import Keys
from promptguard.model import Finding, Ruling
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import installation_id
from promptguard.runtime.record import held_decisions, opened_store
from promptguard.storage.interface import Backend

DAY: Final = 86_400
LOOK_AHEAD: Final = 1_800
"""Seconds: what is under a hold is kept on before it has expired, and so is never gone meanwhile."""

BATCH: Final = 100
"""Decisions of evidence, each of which is looked up by itself."""

_EVER: Final = 2**62


class EvidenceKeeper:
    """See `inspection.evidence.Evidence`."""

    def __init__(self, settings: EvidenceSettings, sealer: EvidenceSealer, store: EvidenceStore) -> None:
        self.window = settings.window_bytes
        self._settings = settings
        self._sealer = sealer
        self._store = store

    def wants(self, finding: Finding, ruling: Ruling) -> bool:
        """Of what is enforced: a rule that is being tried out does nothing, this neither."""
        settings = self._settings
        return ruling.enforced and ruling.action in settings.actions and finding.data_class in settings.classes

    async def keep(self, decision_id: str, excerpts: Sequence[Excerpt], left_out: int) -> str:
        """In a thread: each excerpt takes a fifth of a millisecond, and the database what a commit takes."""
        return await asyncio.to_thread(self._keep, decision_id, excerpts, left_out)

    def _keep(self, decision_id: str, excerpts: Sequence[Excerpt], left_out: int) -> str:
        sealed = self._sealer.seal(decision_id, excerpts, left_out)
        try:
            self._store.add(decision_id, sealed, int(time.time() + self._settings.days * DAY))
        except PromptGuardError as error:
            raise RecordingFailed(f"The evidence of a decision could not be kept. {error}") from None
        return hashlib.sha256(sealed).hexdigest()


def make_keeper(settings: Settings, folder: DataFolder, store: EvidenceStore) -> EvidenceKeeper | None:
    """What keeps evidence; None where the settings say that none is kept.

    Raises:
        ConfigError: a private key lies in the data folder.
        PromptGuardError: a public key cannot be used any more.
    """
    evidence = settings.evidence
    if not evidence.enabled:
        return None
    for path in private_keys_in(folder.path):
        raise ConfigError(path, None, "this is, or may be, the private key that opens evidence", AWAY)
    sealer = EvidenceSealer([load_public(path) for path in evidence.public_keys], installation_id(folder))
    return EvidenceKeeper(evidence, sealer, store)


def forget_evidence(backend: Backend, keys: Keys, now: int, kept: Callable[[], Collection[str]] = frozenset) -> None:
    """Delete the evidence whose time is over, but for that of decisions under a legal hold, which is kept a day longer.

    Args:
        now: seconds since 1970.
        kept: the ids of further decisions whose evidence is kept: those of open incidents.

    Raises:
        RecordDamaged: it cannot be told what is held: nothing is deleted.
        StorageError: the database cannot be read or written.
    """
    store = backend.evidence()
    expiring = store.expiring(now + LOOK_AHEAD)
    if not expiring:
        return
    decisions = kept()
    held = held_decisions(backend, keys)
    store.postpone([each for each in expiring if each in decisions or held.decision(each)], now + DAY)
    store.forget_before(now)


def forget_evidence_of_expired(backend: Backend, keys: Keys, pause: Callable[[], object] = lambda: None) -> None:
    """Delete the evidence of decisions that have expired themselves: none is kept longer than its decision.

    Args:
        pause: called before each `BATCH` of decisions that are looked at; what it raises ends this.

    Raises:
        StorageError: the database cannot be read or written.
    """
    record, store = opened_store(backend, keys), backend.evidence()
    for some in batched(store.expiring(_EVER), BATCH):
        pause()
        store.forget([each for each in some if record.has_expired(each)])
