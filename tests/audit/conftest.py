from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.events import build_event, new_event_id
from promptguard.audit.head_file import HEAD_FILE, HeadFile
from promptguard.audit.record import canonical
from promptguard.audit.recorder import Recorder
from promptguard.audit.store import SQLiteStore
from promptguard.audit.verify import VerifyReport, verify
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
from promptguard.storage.database import Database, open_database

DESTINATION = Destination(
    "openai_api",
    "OpenAI API",
    ("api.openai.com", "*.example.com"),
    Kind.API,
    Status.APPROVED_WITH_LIMITS,
    (Route("/v1/chat/completions", "openai_chat"),),
)


@pytest.fixture
def make_event() -> Callable[..., Event]:
    """Makes events: allowed with nothing found, unless told otherwise. Options are those of `build_event`."""

    def make(*, action: Action = Action.ALLOW, found: int = 0, **options: object) -> Event:
        finding = Finding(0, 0, 5, "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.9, "EmailRecognizer", "f" * 32)
        given = {
            "id": new_event_id(),
            "circumstances": Circumstances(Identity("alice", "p_abcdefghijklmnop"), DESTINATION),
            "decision": Decision(action, "the-rule", "The sentence of the policy."),
            "prompt": Prompt(
                DESTINATION, Purpose.PROMPT, "openai_chat", (Segment(("messages", 0), "hello world", Role.USER),)
            ),
            "findings": (finding,) * found,
            "shapes": ("aaa@aaa.aa",) * found,
            "method": "POST",
            "host": "api.openai.com",
            "route": "/v1/chat/completions",
            "format": "openai_chat",
            "policy_version": "3",
            "policy_hash": "0" * 64,
            "ruleset_version": "1" * 16,
            "detectors": ("patterns", "tenants"),
            "body_bytes": 120,
            "latency_ms": {"read": 0.1, "scan": 0.5},
            **options,
        }
        return build_event(**given)  # type: ignore[arg-type]

    return make


@dataclass
class Installation:
    """A data folder with keys and a database."""

    folder: Path
    keys: Keys
    database: Database

    @property
    def database_file(self) -> Path:
        return self.folder / "a.db"

    @property
    def head_file(self) -> HeadFile:
        return HeadFile(self.keys.folder / HEAD_FILE, Chain(self.keys.audit))

    @property
    def store(self) -> SQLiteStore:
        return SQLiteStore(self.database)

    def recorder(self, durability: str = "findings") -> Recorder:
        return Recorder.open(self.database, self.keys, durability)

    def verify(self) -> VerifyReport:
        return verify(self.store, self.keys.audit, self.head_file)

    def fill(self, *events: Event) -> None:
        """Record events without a recorder, and bring the head file up to date."""
        store = self.store
        head = store.append([canonical(event) for event in events], Chain(self.keys.audit), durable=False)
        store.close()
        self.head_file.replace(head)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    database = open_database(tmp_path / "a.db", busy_timeout=5)
    yield Installation(tmp_path, Keys.load_or_create(tmp_path / "keys"), database)
    database.close()
