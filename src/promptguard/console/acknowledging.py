"""Acknowledging the company's document, on the page that a notice leads to."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from markupsafe import Markup

from promptguard.audit.events import timestamp
from promptguard.console.documents import as_html, is_markdown
from promptguard.console.ways import Visit
from promptguard.model import IdentityClass
from promptguard.notices.acknowledging_words import AcknowledgingWords
from promptguard.policy.acknowledgements import RULE, Acknowledgement, Document, last_until
from promptguard.reasons import Reason
from promptguard.review.ledger import Act

PURPOSE: Final = "acknowledge"
"""What the form says it is for."""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """What the page shows of the document."""

    document: Document
    done: bool
    """Whether this person has acknowledged it."""
    until: str = ""
    """When that lapses, as `Event.time`, where it does soon."""

    @property
    def html(self) -> Markup | None:
        """Its text as the page shows it; None for what is shown as it is."""
        return as_html(self.document.text) if is_markdown(self.document.terms.document) else None


def document_page(visit: Visit, event: Mapping[str, Any]) -> DocumentPage | None:
    """The document, for a decision that held a request until it is acknowledged, and for any decision where it lapses
    soon: then it can be acknowledged early. None elsewhere.
    """
    document = visit.console.services.bundle().document
    if document is None:
        return None
    until = last_until(visit.console.acknowledgements.of_person(event["pseudonym"]), document)
    now = datetime.now(UTC)
    done = timestamp(now) < until
    soon = timestamp(now + timedelta(days=document.terms.remind_days))
    if event["rule"] == RULE:
        return DocumentPage(document, done)
    return DocumentPage(document, done=False, until=until) if done and until < soon else None


def acknowledge(visit: Visit, event: Mapping[str, Any] | None, words: AcknowledgingWords) -> str:
    """Keep that the person of a decision has acknowledged the document; why not, in words, or nothing."""
    page = document_page(visit, event) if event else None
    if event is None or page is None or page.done:
        return ""
    terms, sha256 = page.document.terms, page.document.sha256
    # What was shown is acknowledged, and nothing that took its place since.
    if not hmac.compare_digest(visit.field("sha256").encode(), sha256.encode()):
        return words.again
    visit.note(Act.ACKNOWLEDGED, event["id"], document=terms.id, version=terms.version)
    visit.console.acknowledgements.add(
        Acknowledgement(
            id=f"ack-{secrets.token_hex(8)}",
            pseudonym=event["pseudonym"],
            identity_class=_class_of(visit, event),
            document=terms.id,
            version=terms.version,
            sha256=sha256,
            time=timestamp(datetime.now(UTC)),
            decision_id=event["id"],
            client=event["format"],
        )
    )
    return ""


def _class_of(visit: Visit, event: Mapping[str, Any]) -> str:
    """The identity class of a decision's person: as the decision has it, else as it was the last time."""
    told = str(Reason.parse(event["adjusted"]).parameters.get("identity_class", ""))
    known = [told, *(each.identity_class for each in visit.console.acknowledgements.of_person(event["pseudonym"]))]
    return next((each for each in known if each in set(IdentityClass)), str(IdentityClass.EMPLOYEE))
