from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.storage.grounds import Ground, SQLiteGround

from promptguard.audit.chain import Chain
from promptguard.audit.events import build_event, new_event_id
from promptguard.audit.head_file import HeadFile, HeadFiles
from promptguard.audit.interface import Head
from promptguard.audit.record import canonical
from promptguard.audit.recorder import Recorder
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
    database: Any
    ground: Ground

    @property
    def database_file(self) -> Path:
        return self.folder / "a.db"

    @property
    def head_files(self) -> HeadFiles:
        return HeadFiles(self.keys.folder, self.keys.audit, self.store.installation)

    @property
    def head_file(self) -> HeadFile:
        return self.head_files.of(self.ground.chains[0])

    @property
    def store(self) -> Any:
        return self.ground.store(self.database)

    def recorder(self, durability: str = "findings", database: Any = None) -> Recorder:
        store = self.ground.store(database or self.database)
        return Recorder(store, self.keys.audit, durability, head_files=self.keys.folder)

    def verify(self) -> VerifyReport:
        return verify(self.store, self.keys.audit, self.head_files)

    def append(self, *events: Event) -> Head:
        """Record events without a recorder, in the first chain that is free."""
        with closing(self.store.writer()) as writer:
            chain = Chain(self.keys.audit, writer.chain)
            return writer.append([canonical(event) for event in events], chain, durable=False)

    def fill(self, *events: Event) -> None:
        """Record events without a recorder, and bring the head file up to date."""
        self.head_file.replace(self.append(*events))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    ground = SQLiteGround(tmp_path)
    database = ground.open()
    yield Installation(tmp_path, Keys.load_or_create(tmp_path / "keys"), database, ground)
    database.close()


@pytest.fixture
def events(installation: Installation, make_event: Callable[..., Event]) -> list[Event]:
    made = [
        replace(make_event(), time="2026-03-01T09:30:00.000Z"),
        replace(make_event(action=Action.REDACT, found=2), time="2026-03-01T09:30:01.000Z"),
        replace(make_event(action=Action.BLOCK, found=1), time="2026-03-01T09:30:02.000Z"),
    ]
    installation.fill(*made)
    return made
