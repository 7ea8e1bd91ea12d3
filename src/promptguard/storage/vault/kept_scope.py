"""What a vault keeps in memory of one scope."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.redaction.known import Known
from promptguard.redaction.scope_originals import FOREVER, Part, ScopeOriginals
from promptguard.storage.vault.rows import Kept, Originals


class KeptScope:
    """Originals and blocked hashes of a scope, as of one revision of its rows; `len` says how many originals."""

    def __init__(self, read: Originals) -> None:
        """Take over what was read, indexes included. Takes a while where that is much: best in another thread."""
        self.revision = read.revision
        self.originals = ScopeOriginals()
        self.add(read.entries)
        self.originals.index()
        self._blocked: Mapping[str, float] = read.blocked
        self._blocked_now = frozenset[str]()
        self._blocked_until = -FOREVER

    def __len__(self) -> int:
        return len(self.originals)

    def known(self, now: float) -> Known:
        """What does not expire until `now`."""
        return Known(Part(self.originals, len(self.originals), now))

    def blocked(self, now: float) -> frozenset[str]:
        """The hashes of blocked values that do not expire until `now`."""
        if now >= self._blocked_until:
            left = {each: expires for each, expires in self._blocked.items() if expires > now}
            self._blocked_now = frozenset(left)
            self._blocked_until = min(left.values(), default=FOREVER)
        return self._blocked_now

    def add(self, fresh: Mapping[str, Kept]) -> None:
        """Take up what was written."""
        for placeholder, kept in fresh.items():
            self.originals.put(placeholder, kept.original, kept.expires)

    def add_missing(self, read: Originals) -> None:
        """Take up what is not known here."""
        held = self.originals.entries
        self.add({each: kept for each, kept in read.entries.items() if each not in held})
        self._block({**self._blocked, **read.blocked})

    def replace(self, read: Originals) -> None:
        """Know what was read, and nothing else. What others were given of the scope before stays as it was, without
        what is gone."""
        held = self.originals.entries
        self.add(
            {
                each: kept
                for each, kept in read.entries.items()
                if (before := held.get(each)) is None or (before.original, before.expires) != kept
            }
        )
        for placeholder in held.keys() - read.entries.keys():
            self.originals.forget(placeholder)
        self._block(read.blocked)
        self.revision = read.revision

    def _block(self, blocked: Mapping[str, float]) -> None:
        self._blocked = blocked
        self._blocked_until = -FOREVER
