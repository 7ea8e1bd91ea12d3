"""WebSocket messages through a real mitmproxy, between a real client and a real server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from types import SimpleNamespace
from typing import Any

import bcrypt
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.identities import Identities, IdentitiesFile
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.guard import Guard, Rules
from promptguard.model import Event, Status
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.proxy.conversation import Conversation
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.typed_yaml.reading import load
from promptguard.wire.formats import load_formats

CONFIG = Path(__file__).parents[3] / "config"
SECRET = "my password is Tr0ub4dor" + "&3xyz"
EMAIL = "jane@orchard-lane.com"


class Provider:
    """Keeps what it hears and answers with the last text in pieces, as the Responses API does."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def __call__(self, connection: ServerConnection) -> None:
        async for message in connection:
            assert isinstance(message, str)
            self.heard.append(message)
            said = json.loads(message)["input"][-1]["content"]
            for start in range(0, len(said), 5):
                event = {"type": "response.output_text.delta", "item_id": "i", "output_index": 0, "content_index": 0}
                await connection.send(json.dumps({**event, "delta": said[start : start + 5]}))
            done = {"type": "response.output_text.done", "item_id": "i", "output_index": 0, "content_index": 0}
            await connection.send(json.dumps({**done, "text": said}))


class Record:
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def record(self, event: Event) -> None:
        self.events.append(event)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> PatternDetector:
    return PatternDetector(load_recognizers(CONFIG / "recognizers"), tmp_path_factory.mktemp("cache"))


@asynccontextmanager
async def conversation(
    proxied: Any, patterns: PatternDetector, *, users: Path | None = None
) -> AsyncIterator[tuple[Provider, Record, Any]]:
    bundle = load_bundle(CONFIG)
    scanner = Scanner([patterns], token_bytes(32))
    await scanner.start()
    notices = NoticeWriter(load(CONFIG / "notices" / "en.yaml", Templates), "the help desk", bundle.registry.names())
    record = Record()
    guard = Guard(
        Rules(bundle.registry, bundle.policy, Redactor(token_bytes(32)), notices),
        formats=load_formats(),
        scanner=scanner,
        memory=ScopeMemory(MemoryVault(), token_bytes(32)),
        record=record,
    )
    provider, settings = Provider(), bundle.settings
    identity = settings.identity.model_copy(update={"htpasswd": users})
    credentials = "ada:a-b@" if users else ""
    async with (
        serve(provider, "127.0.0.1", 0) as server,
        proxied(
            guard.inspect,
            port=server.sockets[0].getsockname()[1],
            settings=settings.model_copy(update={"identity": identity}),
        ) as (_, port),
        connect("ws://api.openai.com/v1/responses", proxy=f"http://{credentials}127.0.0.1:{port}") as client,
    ):
        yield provider, record, client


def create(*texts: str) -> str:
    messages = [{"type": "message", "role": "user", "content": text} for text in texts]
    return json.dumps({"type": "response.create", "input": messages})


async def answer(client: Any) -> tuple[str, str]:
    """The answer as its deltas make it up, and as the final event has it."""
    text = ""
    while True:
        event = json.loads(await client.recv())
        if event["type"].endswith(".done"):
            return text, event["text"]
        text += event["delta"]


async def test_clean_messages_pass_as_they_are(proxied: Any, patterns: PatternDetector) -> None:
    async with conversation(proxied, patterns) as (provider, _, client):
        await client.send(create("hello there"))
        assert await answer(client) == ("hello there", "hello there")
        assert provider.heard == [create("hello there")]


@pytest.mark.parametrize("texts", [(f"Write to {EMAIL} today",), (f"{EMAIL}",)])
async def test_what_is_redacted_comes_back(proxied: Any, patterns: PatternDetector, texts: Sequence[str]) -> None:
    async with conversation(proxied, patterns) as (provider, _, client):
        await client.send(create(*texts))
        assert await answer(client) == (texts[-1], texts[-1])
        assert EMAIL not in provider.heard[0]
        assert "[EMAIL_ADDRESS_" in provider.heard[0]


async def test_a_blocked_message_is_answered_and_not_sent(proxied: Any, patterns: PatternDetector) -> None:
    async with conversation(proxied, patterns) as (provider, record, client):
        await client.send(create(SECRET))
        notice = json.loads(await client.recv())
        assert "Nothing was sent" in notice["response"]["error"]["message"]
        assert provider.heard == []
        await client.send(create("hello there"))
        assert await answer(client) == ("hello there", "hello there")
        assert [event.action for event in record.events] == ["allow", "block", "allow"]


async def test_a_message_that_cannot_be_inspected_is_not_sent(proxied: Any, patterns: PatternDetector) -> None:
    async with conversation(proxied, patterns) as (provider, record, client):
        await client.send(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe")
        assert "Nothing was sent" in json.loads(await client.recv())["error"]["message"]
        assert provider.heard == []
        assert record.events[-1].inspection == "not_inspected"


@pytest.mark.parametrize("after", ["", "ada:another"], ids=["gone", "another password"])
async def test_an_open_connection_speaks_for_nobody_whose_sign_in_has_ended(
    proxied: Any, patterns: PatternDetector, tmp_path: Path, after: str
) -> None:
    users = tmp_path / "users"
    users.write_text(f"ada:{bcrypt.hashpw(b'a-b', bcrypt.gensalt(4)).decode()}\n")
    async with conversation(proxied, patterns, users=users) as (provider, record, client):
        await client.send(create("hello there"))
        assert await answer(client) == ("hello there", "hello there")
        assert record.events[-1].pseudonym == "p_ada"
        name, _, password = after.partition(":")
        written = f"{name}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n" if after else ""
        users.write_text(f"ben:{bcrypt.hashpw(b'b', bcrypt.gensalt(4)).decode()}\n{written}")
        await client.send(create("hello again"))
        assert "has changed. Connect again." in (await client.recv())
        assert provider.heard == [create("hello there")]


async def test_an_open_connection_goes_by_what_the_tool_and_the_person_are_now(
    proxied: Any, patterns: PatternDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with conversation(proxied, patterns) as (_, record, client):
        await client.send(create("hello there"))
        assert await answer(client) == ("hello there", "hello there")
        find = proxied.service.registry.find_host
        decided = SimpleNamespace(find_host=lambda host: replace(find(host), status=Status.PROHIBITED))
        monkeypatch.setattr(proxied.service, "registry", decided, raising=False)
        file = IdentitiesFile.model_validate({"users": {"ada": ("legal",)}, "addresses": {"127.0.0.1": "ada"}})
        monkeypatch.setattr(proxied.service, "identities", Identities(file), raising=False)
        await client.send(create("hello again"))
        await client.recv()
        assert [event.destination_status for event in record.events][1:] == ["approved_with_limits", "prohibited"]
        assert (record.events[-1].pseudonym, record.events[-1].groups) == ("p_ada", ("legal",))


async def test_a_message_whose_inspection_fails_is_not_sent_and_the_connection_goes_on(
    proxied: Any, patterns: PatternDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with conversation(proxied, patterns) as (provider, _, client):
        with monkeypatch.context() as patch:

            async def fail(*_: Any) -> None:
                raise RuntimeError("no directory")

            patch.setattr(Conversation, "from_client", fail)
            await client.send(create("hello there"))
            assert "Nothing was sent" in json.loads(await client.recv())["response"]["error"]["message"]
        assert provider.heard == []
        await client.send(create("hello again"))
        assert await answer(client) == ("hello again", "hello again")
