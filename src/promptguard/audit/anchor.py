"""What the database knows of a chain's head file: how far it had come, and each time that it was lost.

The head file tells whether the database was put back; this tells whether the head file was. A loss stays in it: whoever
takes the file away could have cut off records that only the file knew of, and a file that is made anew cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import orjson

from promptguard.audit.chain import Chain

MAX_LOSSES: Final = 100
"""Losses that are kept: the first ones."""


class LossKind(StrEnum):
    """How a head file was found."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Loss:
    """One time that a head file was not as it had been left."""

    sequence: int
    """The last record of the chain at that time."""
    time: str
    """When it was found, as `Event.time`."""
    kind: LossKind


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is noted of one head file."""

    sequence: int = 0
    """The head file is known to have come as far, and to be on the disk."""
    losses: tuple[Loss, ...] = ()

    def with_loss(self, loss: Loss) -> Anchor:
        """With one more loss, unless it is noted already."""
        if len(self.losses) >= MAX_LOSSES or any(
            (known.sequence, known.kind) == (loss.sequence, loss.kind) for known in self.losses
        ):
            return self
        return replace(self, losses=(*self.losses, loss))


def sealed(anchor: Anchor, chain: Chain) -> str:
    """An anchor as JSON, with a MAC that only the key of the record makes."""
    content = _content(anchor)
    return orjson.dumps({"anchor": content.decode(), "mac": chain.mac_of(content).hex()}).decode()


def opened(text: str | None, chain: Chain) -> Anchor:
    """The anchor in a text that `sealed` made; an empty one for None.

    Raises:
        ValueError: the text is damaged, or was not made with this installation's key.
    """
    if text is None:
        return Anchor()
    try:
        members = orjson.loads(text)
        content = members["anchor"].encode()
        if not chain.is_mac_of(content, bytes.fromhex(members["mac"])):
            raise ValueError("not genuine")
        found = orjson.loads(content)
        losses = (Loss(each["sequence"], each["time"], LossKind(each["kind"])) for each in found["losses"])
        return Anchor(found["sequence"], tuple(losses))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError("what the database knows of the head file was changed") from None


def _content(anchor: Anchor) -> bytes:
    return orjson.dumps(anchor, option=orjson.OPT_SORT_KEYS)
