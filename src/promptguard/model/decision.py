"""What policy looks at, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from promptguard.model.destination import Destination
from promptguard.model.request import Identity
from promptguard.model.vocabulary import Action, Coverage, Inspection, Purpose
from promptguard.reasons import Reason


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything about a request that policy may look at, besides what was found in it."""

    identity: Identity
    destination: Destination
    purpose: Purpose = Purpose.PROMPT
    inspection: Inspection = Inspection.INSPECTED
    problem: Reason | None = None
    """Why the request could not be inspected; None if it was."""
    rewritable: bool = True
    """False where the body cannot be rewritten: a redaction then becomes a block."""
    unwritable: Reason | None = None
    """Why the body cannot be rewritten, where trying it told so."""
    uncovered_languages: tuple[str, ...] = ()
    """Tags (BCP 47) of languages in the request in which persons are not looked for, in order."""

    @property
    def language(self) -> Coverage:
        """Whether persons are looked for in all its languages."""
        return Coverage.NOT_COVERED if self.uncovered_languages else Coverage.COVERED


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy says about one finding, or about the request as a whole."""

    action: Action
    rule: str
    """Id of the rule that matched."""
    reason: str
    """The sentence of the company's policy behind the rule."""
    enforced: bool = True
    """False in monitor mode: recorded as what would have happened, and nothing done."""
    adjusted: Reason | None = None
    """Why the action is another one than the rule's; None where it is the rule's."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one request, and why. About a request, never about a person."""

    action: Action
    """What is done."""
    rule: str
    reason: str
    rulings: tuple[Ruling, ...] = ()
    """One for each finding, in the findings' order."""
    would: Action | None = None
    """What would have been done if all rules were enforced, where that differs."""
    announce: bool = False
    """Tell the person in the answer itself that something was redacted."""
    adjusted: Reason | None = None
    """Why the action is another one than the rule's; None where it is the rule's."""
    orders: tuple[str, ...] = ()
    """Ids of the orders that made it what it is (`policy.orders`)."""
    halted: Reason | None = None
    """Why nothing goes to the service now whatever the request contains; None where that is not so."""
