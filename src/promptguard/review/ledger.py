"""The ledger: who looked at which decisions, exported or judged them, and changed accounts.

It is a chain as the record is (`audit.chain`), sealed with a key of its own, and its head is kept beside the keys:
entries cannot be changed, moved or taken out, and the last ones cannot be cut off, by whoever has the database alone.
Where several machines share the database they write one chain, and each keeps its head as of what it wrote itself: the
ledger goes at least so far.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from promptguard.audit.chain import Chain
from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFile
from promptguard.audit.interface import Entry, Head, Record
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.database import ReviewDatabase
from promptguard.review.ledger_expiry import LedgerExpiry
from promptguard.review.ledger_verification import (
    CHAIN,
    LedgerVerification,
    is_genuine,
    number_of_expired,
    record_of,
)
from promptguard.review.tables import ledger

HEAD_FILE = "ledger.head"
PAGE = 100


class Act(StrEnum):
    """What somebody did."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SIGN_OUT_REFUSED = "sign_out_refused"
    """Of what came from the company's sign-on, or from somebody else."""
    LINK_REFUSED = "link_refused"
    SAW_COUNTS = "saw_counts"
    LISTED = "listed"
    SAW_DECISION = "saw_decision"
    LOOKED_UP = "looked_up"
    JUDGED = "judged"
    EXPORTED = "exported"
    SAW_RELEASES = "saw_releases"
    RELEASE_ASKED = "release_asked"
    RELEASE_APPROVED = "release_approved"
    RELEASE_REFUSED = "release_refused"
    RELEASE_WITHDRAWN = "release_withdrawn"
    RELEASE_FETCHED = "release_fetched"
    LINK_OPENED = "link_opened"
    """By somebody who has the link of a notice, as what follows, too."""
    SAW_BY_LINK = "saw_by_link"
    JUSTIFIED = "justified"
    ACKNOWLEDGED = "acknowledged"
    REPORTED = "reported"
    SAW_REPORTS = "saw_reports"
    ANSWERED_REPORT = "answered_report"
    CLOSED_REPORT = "closed_report"
    SAW_LEDGER = "saw_ledger"
    SAW_HEALTH = "saw_health"
    SAW_DESTINATIONS = "saw_destinations"
    DESTINATIONS_EXPORTED = "destinations_exported"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CHANGED = "account_changed"
    LINK_MADE = "link_made"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - the name of an act
    SECOND_FACTOR_SET = "second_factor_set"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    SAW_POLICY = "saw_policy"
    POLICY_TRIED = "policy_tried"
    FALSE_ALARM_ASKED = "false_alarm_asked"
    FALSE_ALARM_ACCEPTED = "false_alarm_accepted"
    FALSE_ALARM_REFUSED = "false_alarm_refused"
    FALSE_ALARM_REVOKED = "false_alarm_revoked"
    STOPPED = "stopped"
    STOP_LIFTED = "stop_lifted"
    SAW_STOPS = "saw_stops"
    ORDERS_ACCEPTED = "orders_accepted"
    """Of what is in doubt (`OrderStore.accept`)."""
    SAW_SUSPENSIONS = "saw_suspensions"
    SUSPENSION_ASKED = "suspension_asked"
    SUSPENSION_APPROVED = "suspension_approved"
    SUSPENSION_REFUSED = "suspension_refused"
    SUSPENSION_LIFTED = "suspension_lifted"
    SAW_EXCEPTIONS = "saw_exceptions"
    EXCEPTION_ASKED = "exception_asked"
    EXCEPTION_APPROVED = "exception_approved"
    EXCEPTION_REFUSED = "exception_refused"
    EXCEPTION_REVOKED = "exception_revoked"
    SAW_TOOLS = "saw_tools"
    TOOL_ASSESSED = "tool_assessed"
    TOOL_DECIDED = "tool_decided"
    TOOL_REFUSED = "tool_refused"
    FILTER_CHANGED = "filter_changed"
    LISTED_INCIDENTS = "listed_incidents"
    SAW_INCIDENT = "saw_incident"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_CHANGED = "incident_changed"
    INCIDENT_PAGED = "incident_paged"
    INCIDENT_EXPORTED = "incident_exported"
    EARLIER_ASKED = "earlier_asked"
    """For earlier incidents of the same person, within one incident; as what follows."""
    EARLIER_APPROVED = "earlier_approved"
    EARLIER_REFUSED = "earlier_refused"
    EARLIER_WITHDRAWN = "earlier_withdrawn"
    EARLIER_SEEN = "earlier_seen"
    SAW_HOLDS = "saw_holds"
    HOLD_PUT_ON = "hold_put_on"
    HOLD_LIFTING_ASKED = "hold_lifting_asked"
    HOLD_LIFTING_REFUSED = "hold_lifting_refused"
    HOLD_LIFTED = "hold_lifted"
    EXPIRED = "expired"
    """What was over for the console's own rows, this ledger's among them, was deleted."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One thing that somebody did."""

    sequence: int
    time: str
    account: str
    """The account's id; empty where nobody was signed in."""
    name: str
    """The account's name at that time."""
    act: str
    object: str
    """What it was done to: the id of a decision or an account."""
    detail: Mapping[str, str]


class Ledger:
    """Writes and reads the ledger. For any thread; several processes may write."""

    def __init__(self, database: ReviewDatabase, keys: Keys) -> None:
        self._database = database
        self._chain_key = keys.ledger
        self._noting = threading.Lock()
        """The head follows the entries in their order."""
        self._head = HeadFile(keys.folder / HEAD_FILE, Chain(keys.ledger, CHAIN))

    @property
    def head_file(self) -> Path:
        """Where the head is kept, apart from the database."""
        return self._head.path

    def note(
        self, act: Act, *, account: str = "", name: str = "", object: str = "", detail: Mapping[str, str] | None = None
    ) -> None:
        """Write down what is about to be done or shown; durable when this returns.

        Raises:
            PromptGuardError: it could not be written, or the ledger's end is not as it was left: then it must not be
                done.
        """
        time = timestamp(datetime.now(UTC))
        members = {"account": account, "act": act, "detail": detail or {}, "name": name, "object": object, "time": time}
        if self._database.installation:
            members["installation"] = self._database.installation
        entry = Entry(account, time, act, orjson.dumps(members, option=orjson.OPT_SORT_KEYS))
        chain = Chain(self._chain_key, CHAIN)
        try:
            with self._noting:
                with self._database.writing() as connection:
                    (record,), head = chain.extend(self._end(chain, connection), [entry])
                    connection.execute(insert(ledger).values(_row(record)))
                known = self._head.read()
                if known is None or known.sequence < head.sequence:  # another process may have been further
                    self._head.replace(head)
        except (OSError, ValueError) as error:
            raise PromptGuardError(f"{self._head.path}: The ledger's head cannot be kept: {error}.") from None

    def _end(self, chain: Chain, connection: Connection) -> Head | None:
        """Where the ledger ends, checked against the head that is kept apart."""
        row = connection.execute(_LAST).one_or_none()
        known = self._head.read()
        if (row.sequence if row else 0) < (known.sequence if known else 0):
            raise PromptGuardError("The end of the ledger is gone: restore the database of reviewing.")
        if row is None:
            return None
        last = record_of(row)
        if not chain.is_genuine_record(last):
            raise PromptGuardError("The end of the ledger was not written with this installation's key.")
        return chain.head_at(last.sequence, last.hash)

    def entries(self, *, before: int | None = None, account: str = "", size: int = PAGE) -> list[LedgerEntry]:
        """Entries, the newest first; `before` goes on after a page."""
        statement = select(ledger.c.sequence, ledger.c.event).order_by(ledger.c.sequence.desc()).limit(size)
        if before is not None:
            statement = statement.where(ledger.c.sequence < before)
        if account:
            statement = statement.where(ledger.c.account == account)
        with self._database.reading() as connection:
            return [LedgerEntry(sequence, **_told(event)) for sequence, event in connection.execute(statement)]

    def about(self, object: str, acts: Collection[Act], since: str) -> Iterator[LedgerEntry]:
        """Entries of some acts about one thing, in order.

        Args:
            since: RFC 3339 in UTC: not before.
        """
        wanted = select(ledger.c.sequence, ledger.c.event).where(ledger.c.act.in_(list(acts)), ledger.c.time >= since)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(ledger.c.sequence)).all()
        entries = (LedgerEntry(sequence, **_told(event)) for sequence, event in rows)
        return (entry for entry in entries if entry.object == object)

    def has(self, act: Act, *, account: str, object: str, detail: Mapping[str, str]) -> bool:
        """Whether an act of an account was noted with this installation's key, these details among its own.

        Who can write into the database alone cannot make that up.
        """
        mine = select(ledger).where(ledger.c.account == account, ledger.c.act == act)
        chain, wanted = Chain(self._chain_key, CHAIN), {"account": account, "act": act, "object": object}
        with self._database.reading() as connection:
            rows = connection.execute(mine).all()
        for told in (_told(row.event) for row in rows if is_genuine(record_of(row), chain)):
            if wanted.items() <= told.items() and detail.items() <= told["detail"].items():
                return True
        return False

    def problem(self) -> str:
        """What is wrong with the ledger, as a sentence; empty if it is whole."""
        return LedgerVerification(self._database, Chain(self._chain_key, CHAIN), self._head).problem()

    def expired(self) -> int:
        """How many entries have expired."""
        return number_of_expired(self._database)

    def expiry(self) -> LedgerExpiry:
        """What takes out entries whose time is over."""
        return LedgerExpiry(self._database, Chain(self._chain_key, CHAIN))


_LAST = select(ledger).order_by(ledger.c.sequence.desc()).limit(1)


def _row(record: Record) -> dict[str, object]:
    return {
        "sequence": record.sequence,
        "time": record.time,
        "account": record.event_id,
        "act": record.action,
        "event": record.event,
        "previous_hash": record.previous_hash,
        "hash": record.hash,
        "mac": record.mac,
    }


def _told(event: bytes) -> dict[str, Any]:
    try:
        members = orjson.loads(event)
        return {name: members[name] for name in ("time", "account", "name", "act", "object", "detail")}
    except (ValueError, KeyError, TypeError):
        return {"time": "", "account": "", "name": "", "act": "damaged", "object": "", "detail": {}}
