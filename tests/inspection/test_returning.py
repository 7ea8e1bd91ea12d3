"""What nobody can read is refused when it is new, and redacted once it is history: no session is closed for good."""

from __future__ import annotations

import base64
import random
from typing import Any

import orjson
import pytest
from tests.inspection.test_memory import anthropic, gemini, observe, responses
from tests.test_guard import (  # noqa: F401 - fixtures
    BOB,
    PASSWORD,
    Record,
    bundle,
    chat,
    make_guard,
    patterns,
    send,
)

from promptguard.model import Action

BYTES = random.Random(11).randbytes(900)  # made anew each time
LINES = base64.encodebytes(BYTES).decode()
ONE_LINE = base64.b64encode(BYTES).decode()


@pytest.mark.parametrize(
    "noise",
    [
        ONE_LINE,
        LINES,
        BYTES.hex(),
        f"please look at {ONE_LINE} for me",
        f"two of them: {ONE_LINE}\nand\n{BYTES.hex()}",
        "\x01\x02\x03\x04a" * 20,
        f"see below\n{LINES}\nthanks, and write to jane@orchard-lane.com",
    ],
)
async def test_a_session_goes_on_behind_what_nobody_can_read(make_guard: Any, noise: str) -> None:  # noqa: F811
    record = Record()
    guard = await make_guard(record)
    first = chat(("user", noise))
    assert (await send(guard, first)).decision.action is Action.BLOCK
    assert (await send(guard, first)).decision.action is Action.BLOCK, "sending it again is no way around"
    later = await send(guard, chat(("user", noise), ("user", "Never mind, hello")))
    assert later.decision.action is Action.REDACT
    sent = orjson.loads(later.body or b"")
    assert sent["messages"][1]["content"] == "Never mind, hello"
    for part in (ONE_LINE, BYTES.hex(), LINES.split("\n")[3], "\x01\x02", "jane@"):
        assert part not in sent["messages"][0]["content"]
    assert "UNREADABLE_DATA" in sent["messages"][0]["content"]
    assert [event.inspection for event in record.events] == ["not_inspected", "not_inspected", "inspected"]
    assert not any("UNREADABLE" in placeholder for placeholder in later.restoration.originals)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            anthropic(("user", ONE_LINE)),
            anthropic(("user", ONE_LINE), ("assistant", "I see bytes."), ("user", "hello again")),
        ),
        (gemini(("user", ONE_LINE)), gemini(("user", ONE_LINE), ("model", "bytes"), ("user", "hello again"))),
        (
            responses({"role": "user", "content": ONE_LINE}),
            responses({"role": "user", "content": ONE_LINE}, {"role": "user", "content": "hello again"}),
        ),
        (
            responses({"type": "function_call_output", "call_id": "c", "output": f"dump: {ONE_LINE}"}),
            responses(
                {"type": "function_call_output", "call_id": "c", "output": f"dump: {ONE_LINE}"},
                {"role": "user", "content": "hello again"},
            ),
        ),
    ],
)
async def test_in_other_formats_too(make_guard: Any, first: dict[str, Any], second: dict[str, Any]) -> None:  # noqa: F811
    guard = await make_guard()
    assert (await send(guard, **first)).decision.action is Action.BLOCK
    later = await send(guard, **second)
    assert later.decision.action is Action.REDACT
    assert ONE_LINE.encode() not in (later.body or b"")
    assert b"hello again" in (later.body or b"")


async def test_history_that_was_never_refused_is_refused_first(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    turns = chat(("user", ONE_LINE), ("assistant", "ok"), ("user", "hello"))
    assert (await send(guard, turns)).decision.action is Action.BLOCK
    assert (await send(guard, turns)).decision.action is Action.REDACT


@pytest.mark.parametrize("noise", [ONE_LINE, LINES, f"{ONE_LINE} is the key", BYTES.hex()])
async def test_what_the_service_answered_may_go_back_to_it(make_guard: Any, noise: str) -> None:  # noqa: F811
    guard = await make_guard()
    asked = await send(guard, chat(("user", "make me some random bytes")))
    observe(guard, asked, {"choices": [{"message": {"role": "assistant", "content": noise}}]})
    turns = chat(("user", "make me some random bytes"), ("assistant", noise), ("user", "Thanks"))
    assert (await send(guard, turns)).decision.action is Action.ALLOW
    assert (await send(guard, turns, BOB)).decision.action is Action.BLOCK, "it answered somebody else"


async def test_other_noise_is_new_whatever_was_refused(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    other = base64.b64encode(BYTES[::-1]).decode()
    assert (await send(guard, chat(("user", ONE_LINE)))).decision.action is Action.BLOCK
    for turns in (chat(("user", ONE_LINE), ("user", other)), chat(("user", ONE_LINE), ("user", ONE_LINE[:-8]))):
        assert (await send(guard, turns)).decision.action is Action.BLOCK


async def test_what_else_blocks_does_so_beside_it(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    await send(guard, chat(("user", ONE_LINE)))
    verdict = await send(guard, chat(("user", ONE_LINE), ("user", f"my password is {PASSWORD}")))
    assert verdict.decision.action is Action.BLOCK
    later = await send(guard, chat(("user", ONE_LINE), ("user", f"my password is {PASSWORD}"), ("user", "and now?")))
    assert later.decision.action is Action.REDACT
    assert PASSWORD.encode() not in (later.body or b"")


async def test_where_nothing_can_be_replaced_it_stays_refused(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    headers = {"content-type": "application/json", "x-amz-content-sha256": "0" * 64}
    await send(guard, chat(("user", ONE_LINE)))
    turns = chat(("user", ONE_LINE), ("user", "hello"))
    assert (await send(guard, turns, headers=headers)).decision.action is Action.BLOCK
    turns = chat(("user", ONE_LINE), ("user", "hello"), ("user", "and now?"))
    assert (await send(guard, turns)).decision.action is Action.REDACT
