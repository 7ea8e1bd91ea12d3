"""Acknowledge: whoever has not acknowledged the company's document, or not lately, does so before anything is sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from promptguard.errors import StorageAway
from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision, Purpose
from promptguard.policy.acknowledgements import RULE, AcknowledgementStore, Document, lapses_soon, last_until, missing
from promptguard.reasons import Reason

GATED: Final = frozenset({Purpose.PROMPT, Purpose.UPLOAD})
"""What is held: signing in to a tool, and its own statistics, are not."""

MAX_KNOWN: Final = 100_000
"""People of whom it is remembered that they have."""

REASON: Final = "The company's AI policy has to be acknowledged first."


class AcknowledgementGate:
    """Asks for acknowledgements. Who has given one is not looked up again until it lapses.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: AcknowledgementStore) -> None:
        self._store = store
        self._document: Document | None = None
        self._until: dict[str, str] = {}
        """By pseudonym, until when what they have acknowledged counts for that document on its terms."""
        self._reminded: dict[str, str] = {}
        """By pseudonym, the last day on which that was done."""

    async def missing(self, context: RequestContext) -> Reason | None:
        """Why nothing goes from this person yet; None where it does.

        While the database is away it does: the policy's rules hold all the same, and no work waits for a signature.

        Raises:
            StorageError: the database cannot be read, though it is there.
        """
        asked = context.rules.acknowledged
        if asked is None or context.purpose not in GATED:
            return None
        identity, document = context.identity, asked.document
        who = asked.class_of(identity.user, identity.groups)
        if who not in document.terms.applies_to:
            return None
        until = self._known(document)
        if context.now < until.get(identity.pseudonym, ""):
            return None
        try:
            given = await asyncio.to_thread(self._store.of_person, identity.pseudonym)
        except StorageAway:
            return None
        why = missing(given, document, who, context.now)
        if why is None:
            _know(until, identity.pseudonym, last_until(given, document))
        return why

    def lapses_soon(self, context: RequestContext) -> bool:
        """Whether to remind the person of a request, by what is known already: nothing is looked up."""
        asked, pseudonym = context.rules.acknowledged, context.identity.pseudonym
        if asked is None or self._reminded.get(pseudonym) == _day(context.now):
            return False
        until = self._known(asked.document).get(pseudonym, "")
        return lapses_soon(until, asked.document.terms, context.now)

    async def remind(self, pseudonym: str, document: Document, now: str) -> str:
        """When a person's acknowledgement lapses, as `Event.time`, where the person is to be told that now; else empty.

        It is told once a day, whichever of several processes is asked.

        Raises:
            StorageError: the database cannot be used.
        """
        known = self._known(document)
        until = last_until(await asyncio.to_thread(self._store.of_person, pseudonym), document)
        if until:
            _know(known, pseudonym, until)
        if not lapses_soon(until, document.terms, now):
            return ""
        if len(self._reminded) >= MAX_KNOWN:
            self._reminded.clear()
        self._reminded[pseudonym] = _day(now)
        return until if await asyncio.to_thread(self._store.remind, pseudonym, _day(now)) else ""

    def _known(self, document: Document) -> dict[str, str]:
        if self._document != document:
            self._document, self._until = document, {}
        return self._until


def _know(known: dict[str, str], pseudonym: str, until: str) -> None:
    if len(known) >= MAX_KNOWN:
        known.clear()
    known[pseudonym] = until


def held_until_acknowledged(decision: Decision, why: Reason) -> Decision:
    """The decision on a request of somebody who has to acknowledge a document first."""
    halted = replace(decision, action=Action.BLOCK, rule=RULE, reason=REASON, adjusted=why)
    return replace(halted, would=None, announce=False, halted=why, orders=())


def _day(time: str) -> str:
    """The day (UTC) of a time as `Event.time`."""
    return time[:10]
