"""Requests that were held for a reason, and reasons that were given: for what was found, and never a value of it.

A rule with the action `justify` holds a request. Whoever sent it gives a reason, by a code in the next message or on
the page that the notice leads to, and what was held goes on for a while (`policy.justifying.GrantScope`).
"""

from __future__ import annotations

import hmac
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from promptguard.errors import PromptGuardError
from promptguard.keys import derive
from promptguard.model import Action, Finding
from promptguard.policy.justifying import GrantScope, Justifications
from promptguard.policy.policy import Amend
from promptguard.policy.rule import Rule
from promptguard.reasons import Code, Reason

CODE_MINUTES: Final = 10
"""For so long a reason can be given by a code."""

PAGE_MINUTES: Final = 24 * 60
"""And for so long on the page of the decision, which a link opens that holds no longer than that."""

MAX_MISSES: Final = 5
"""Wrong codes, after which none of a person's codes at a service holds any more."""

MAX_WAITING: Final = 100
"""Requests of a person at a service that wait for a reason: the oldest beyond waits no more."""

_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
"""No digits and no vowels: no detector may take a code for a number or a word."""

_RANDOM: Final = 4
_LENGTH: Final = 10

COMMAND: Final = re.compile(rf"pg-allow[ \t]+([{_LETTERS}]{{5}})-?([{_LETTERS}]{{5}})\b", re.IGNORECASE)
"""What gives a reason, in a message: the reason stands behind it, up to the end of its line."""


class JustificationState(StrEnum):
    """How far one has come."""

    HELD = "held"
    GIVEN = "given"
    ENDED = "ended"
    """Too many wrong codes came, or somebody has revoked it."""


class NotGiven(PromptGuardError):
    """A reason can be given no more: it is too late, it was given already, or there is nothing that waits for it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a reason would be for."""

    fingerprints: frozenset[str]
    """Of what was found."""
    rules: frozenset[str]
    """Ids of the rules that held it."""
    conversation: str
    """Keyed hash of what the person said in the conversation, up to what was held; empty where nothing was said."""


@dataclass(frozen=True, slots=True)
class Justification:
    """One request that was held, and the reason that was given for it."""

    id: str
    decision_id: str
    scope: str
    """Whose it is and at which service, as a keyed hash."""
    destination: str
    held: Held
    time: str
    """When it was held, as `Event.time`; so are the others."""
    code: str = field(default="", repr=False)
    """Keyed hash of the code; empty where none was told."""
    code_expires: str = ""
    text: bytes = field(default=b"", repr=False)
    """What the person wrote, sealed with a key that takes the code to make."""
    misses: int = 0
    state: JustificationState = JustificationState.HELD
    given: str = ""
    until: str = ""
    """When what was held counts as held again."""
    grant_scope: str = ""
    reason_id: str = ""
    """Which of the listed reasons; empty for one in own words."""
    reason: str = field(default="", repr=False)
    """In own words."""
    given_by: str = ""
    """`code` or `page`."""
    genuine: bool = True
    """False where somebody changed it in the database: then it lets nothing pass."""

    def waits(self, now: str, *, by_code: bool) -> bool:
        """Whether a reason can still be given: by its code, or on its page."""
        if not self.genuine or self.state is not JustificationState.HELD:
            return False
        if by_code:
            return bool(self.code) and now < self.code_expires
        return now < _later(self.time, timedelta(minutes=PAGE_MINUTES))

    def holds(self, now: str) -> bool:
        """Whether what was held goes on."""
        return self.genuine and self.state is JustificationState.GIVEN and now < self.until

    def covers(self, rule: Rule, fingerprint: str, conversations: Collection[str]) -> bool:
        """Whether it lets something pass that a rule would hold.

        Args:
            fingerprint: of what was found; empty for the request as such.
            conversations: keyed hashes of what the person said, up to each place of the conversation.
        """
        if fingerprint and fingerprint in self.held.fingerprints:
            return True
        if rule.id not in self.held.rules:
            return False
        if not rule.about_data or self.grant_scope == GrantScope.MINUTES:
            return True  # a rule about the tool holds whatever is sent there: the reason is for the tool
        return self.grant_scope == GrantScope.CONVERSATION and self.held.conversation in conversations


def granted(held: Justification, section: Justifications, scope: GrantScope, now: str) -> Justification:
    """What was held, with a reason from now on: how long it holds is the policy's word."""
    minutes = scope is GrantScope.MINUTES
    lasts = timedelta(minutes=section.minutes) if minutes else timedelta(hours=section.hours)
    return replace(
        held,
        state=JustificationState.GIVEN,
        given=now,
        until=_later(now, lasts),
        grant_scope=str(scope),
    )


def _later(time: str, lasts: timedelta) -> str:
    """A time after another one, both as `Event.time`."""
    later = datetime.fromisoformat(time) + lasts
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JustificationStore(ABC):
    """Keeps them. From any thread; several processes may use it.

    Every method raises `StorageError` where the database cannot be used.
    """

    @abstractmethod
    def hold(self, held: Justification) -> None:
        """Keep one that waits for its reason; of one person at one service, at most `MAX_WAITING` of them."""

    @abstractmethod
    def of_scope(self, scope: str) -> Sequence[Justification]:
        """All that is kept of one person at one service, the latest first."""

    @abstractmethod
    def of_decision(self, decision_id: str) -> Justification | None:
        """What was held by one decision."""

    @abstractmethod
    def give(self, given: Justification, *, by_code: bool) -> None:
        """Keep a reason: one that waits, with what makes it given.

        Raises:
            NotGiven: it waits no more.
        """

    @abstractmethod
    def miss(self, scope: str, now: str) -> int:
        """Count a wrong code for all that waits there, end it where there were too many, and say how many waited."""

    @abstractmethod
    def all(self) -> Sequence[Justification]:
        """Those that were given, the latest first."""

    @abstractmethod
    def forget(self, before: str, *, held_before: str) -> int:
        """Delete those that were given before, and those that waited in vain since; say how many."""


class Codes:
    """Codes of an installation: short, each for one person, and known again without being kept.

    Four random letters (17 bits) tell those of a person apart; six (26 bits) prove that this installation made it for
    them. Few wrong ones are taken (`MAX_MISSES`), so that guessing leads nowhere.
    """

    def __init__(self, key: bytes) -> None:
        """`key` is `Keys.justifications`."""
        self._key = derive(key, "codes")
        self._texts = derive(key, "texts")

    def make(self, pseudonym: str) -> str:
        """A new code, such as `bcdfg-hjklm`."""
        random = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
        return _shown(random + self._proof(pseudonym, random))

    def is_own(self, pseudonym: str, code: str) -> bool:
        """Whether a code was made for a person."""
        letters = _letters(code)
        return hmac.compare_digest(letters[_RANDOM:], self._proof(pseudonym, letters[:_RANDOM]))

    def hash(self, code: str) -> str:
        """What is kept of a code."""
        return hmac.digest(self._key, b"kept " + _letters(code).encode(), "sha256").hex()

    def text_key(self, code: str) -> bytes:
        """The key of what the person wrote: without the code, nobody can make it."""
        return hmac.digest(self._texts, _letters(code).encode(), "sha256")

    def _proof(self, pseudonym: str, random: str) -> str:
        number = int.from_bytes(hmac.digest(self._key, f"proof {random} {pseudonym}".encode(), "sha256")[:8])
        letters = []
        for _ in range(_LENGTH - _RANDOM):
            number, letter = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[letter])
        return "".join(letters)


def _letters(code: str) -> str:
    return code.replace("-", "").lower()


def _shown(letters: str) -> str:
    return f"{letters[: _LENGTH // 2]}-{letters[_LENGTH // 2 :]}"


class Granted:
    """What reasons let pass of one request, and which of them did."""

    def __init__(self, given: Iterable[Justification], conversations: Collection[str]) -> None:
        """`given` are those that hold now; `conversations` as in `Justification.covers`."""
        self._given = tuple(given)
        self._conversations = conversations
        self.used: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._given)

    @property
    def amend(self) -> Amend:
        """See `policy.Amend`."""
        return self._amend

    def _amend(self, rule: Rule, finding: Finding | None) -> Rule:
        if rule.action is not Action.JUSTIFY:
            return rule
        fingerprint = finding.fingerprint if finding else ""
        for each in self._given:
            if each.covers(rule, fingerprint, self._conversations):
                self.used.add(each.id)
                return rule.with_action(Action.ALLOW, Reason(Code.DECISION_JUSTIFIED, {"id": each.id}))
        return rule
