"""Credentials of devices that count no more, as `identities.yaml` names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


def moment(text: str) -> datetime:
    """A moment of RFC 3339, with its offset from UTC.

    Raises:
        ValueError: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("write a moment such as 2027-05-31T14:00:00Z")
    return found


@dataclass(frozen=True, slots=True)
class DeviceRevocations:
    """What has been revoked."""

    devices: frozenset[str] = frozenset()
    """Ids."""
    before: Mapping[str, float] = field(default_factory=dict)
    """By user in small letters: what was made before that moment, in seconds since 1970."""

    def ends(self, id: str, user: str, made: float) -> bool:
        """Whether the credentials of a device of a user, made at that moment, count no more."""
        return id in self.devices or made < self.before.get(user.casefold(), 0.0)
