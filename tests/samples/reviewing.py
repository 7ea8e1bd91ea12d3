"""A record with decisions, and a database of reviewing beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from promptguard.audit.chain import Chain
from promptguard.audit.events import build_event, new_event_id
from promptguard.audit.interface import Store
from promptguard.audit.record import canonical
from promptguard.keys import Keys
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Event,
    Finding,
    Identity,
    Kind,
    Prompt,
    Purpose,
    Role,
    Route,
    Segment,
    Status,
)
from promptguard.review.database import ReviewDatabase
from promptguard.review.projection import Projection
from promptguard.storage.sqlite.backend import SQLiteBackend

CLASSES = {
    "EMAIL_ADDRESS": DataClass.PERSONAL_DATA,
    "PERSON": DataClass.PERSONAL_DATA,
    "GITHUB_TOKEN": DataClass.CREDENTIALS,
}


def event(
    time: str = "2026-03-01T09:30:00.000Z",
    *,
    action: Action = Action.ALLOW,
    found: Sequence[str] = (),
    destination: str = "openai_api",
    rule: str = "the-rule",
    groups: Sequence[str] = (),
    person: str = "p_abcdefghijklmnop",
    incident: str = "",
) -> Event:
    """A decision; `found` are entity types."""
    service = Destination(
        destination, destination, ("api.example.com",), Kind.API, Status.APPROVED, (Route("/v1/chat", "openai_chat"),)
    )
    findings = [Finding(0, 0, 5, name, CLASSES[name], 0.9, "Recognizer", "f" * 32) for name in found]
    made = build_event(
        id=new_event_id(),
        circumstances=Circumstances(Identity("alice", person, frozenset(groups)), service),
        decision=Decision(action, rule, "The sentence of the policy."),
        prompt=Prompt(service, Purpose.PROMPT, "openai_chat", (Segment(("messages", 0), "hello world", Role.USER),)),
        findings=findings,
        shapes=["aaa@aaa.aa"] * len(findings),
        method="POST",
        host="api.example.com",
        route="/v1/chat",
        format="openai_chat",
        policy_version="3",
        policy_hash="0" * 64,
        ruleset_version="1" * 16,
        body_bytes=120,
        latency_ms={"read": 0.1},
        incident=incident,
    )
    return replace(made, time=time)


@dataclass
class Installation:
    """A data folder with keys, a record and a database of reviewing."""

    folder: Path
    keys: Keys
    store: Store
    database: ReviewDatabase

    def record(self, *events: Event) -> list[Event]:
        """Record decisions; they are not taken up by that."""
        with closing(self.store.writer()) as writer:
            writer.append([canonical(each) for each in events], Chain(self.keys.audit, writer.chain), durable=False)
        return list(events)

    def take_up(self, *events: Event) -> list[Event]:
        """Record decisions and take them up."""
        self.record(*events)
        projection = Projection(self.store, self.database)
        while projection.take_up():
            pass
        return list(events)


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """A new installation."""
    with (
        closing(SQLiteBackend.open(folder / "promptguard.db")) as backend,
        closing(ReviewDatabase.open(folder / "review.db")) as database,
    ):
        yield Installation(folder, Keys.load_or_create(folder / "keys"), backend.audit_store(), database)
