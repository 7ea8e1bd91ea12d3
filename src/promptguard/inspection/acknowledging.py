"""Acknowledge: whoever has not acknowledged the company's document, or not lately, does so before anything is sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from promptguard.errors import StorageAway
from promptguard.inspection.context import RequestContext
from promptguard.model import Action, Decision, Purpose
from promptguard.policy.acknowledgements import RULE, AcknowledgementStore, Document, last_until, missing
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
        if self._document != document:
            self._document, self._until = document, {}
        until = self._until
        if context.now < until.get(identity.pseudonym, ""):
            return None
        try:
            given = await asyncio.to_thread(self._store.of_person, identity.pseudonym)
        except StorageAway:
            return None
        why = missing(given, document, who, context.now)
        if why is None:
            if len(until) >= MAX_KNOWN:
                until.clear()
            until[identity.pseudonym] = last_until(given, document)
        return why


def held_until_acknowledged(decision: Decision, why: Reason) -> Decision:
    """The decision on a request of somebody who has to acknowledge a document first."""
    halted = replace(decision, action=Action.BLOCK, rule=RULE, reason=REASON, adjusted=why)
    return replace(halted, would=None, announce=False, halted=why, orders=())
