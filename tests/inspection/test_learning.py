"""What is learned from answers, beside their way."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from secrets import token_bytes
from typing import Any

import pytest

from promptguard.inspection.learning import Learning
from promptguard.model import Verdict
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import MemoryVault
from promptguard.wire.formats import load_formats

FORMATS = load_formats()
SEAL = "EqQBCgIYAhIk" * 4


def verdict(id: str = "anthropic_messages", scope: str = "ada|anthropic") -> Verdict:
    return Verdict(decision=None, event=None, shape=FORMATS[id], scope=scope, observed=True)


def message(signature: str) -> bytes:
    content = [{"type": "thinking", "thinking": "Hm, hm.", "signature": signature}]
    return json.dumps({"type": "message", "content": content}).encode()


@pytest.fixture
def memory() -> ScopeMemory:
    return ScopeMemory(MemoryVault(), token_bytes(32))


@pytest.mark.parametrize(
    ("body", "encoding"), [(message(SEAL), ""), (gzip.compress(message(SEAL)), "gzip"), (message(SEAL), "identity")]
)
async def test_answers(memory: ScopeMemory, body: bytes, encoding: str) -> None:
    learning = Learning(memory)
    learning.from_answer(verdict(), "application/json", encoding, body)
    await learning.settled("ada|anthropic")
    assert await memory.sealed("ada|anthropic", [SEAL, "Hm, hm.", "other"]) == {SEAL, "Hm, hm."}
    assert not await memory.sealed("bob|anthropic", [SEAL])


async def test_messages_of_a_websocket(memory: ScopeMemory) -> None:
    learning = Learning(memory)
    item = {"type": "reasoning", "id": "rs_1", "encrypted_content": SEAL}
    event = json.dumps({"type": "response.output_item.done", "item": item}).encode()
    learning.from_messages(verdict("openai_responses"), [event])
    await learning.settled("ada|anthropic")
    assert await memory.sealed("ada|anthropic", [SEAL]) == {SEAL}


@pytest.mark.parametrize(("body", "encoding"), [(b"\xff\x00", "gzip"), (b"{", ""), (b"", ""), (b"x", "unknown")])
async def test_nothing_is_raised(memory: ScopeMemory, body: bytes, encoding: str) -> None:
    learning = Learning(memory)
    learning.from_answer(verdict(), "application/json", encoding, body)
    learning.from_messages(verdict(), [body])
    await learning.settled("ada|anthropic")


async def test_a_memory_that_fails_is_no_matter_for_the_client(memory: ScopeMemory) -> None:
    class Broken(ScopeMemory):
        async def learn(self, scope: str, said: Any) -> None:
            raise OSError("disk full")

    learning = Learning(Broken(MemoryVault(), token_bytes(32)))
    learning.from_answer(replace(verdict(), scope="x"), "application/json", "", message(SEAL))
    await learning.settled("x")
