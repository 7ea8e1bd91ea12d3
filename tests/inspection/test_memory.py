"""What the guard remembers of a scope: sessions go on, known values stay replaced, what the service said is no leak."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from tests.test_guard import ADA, BOB, PASSWORD, bundle, chat, make_guard, patterns, send  # noqa: F401 - fixtures

from promptguard.guard import Guard
from promptguard.model import Action, Nature, Request, Verdict
from promptguard.redaction.vault import MemoryVault

SECRET = f"my password is {PASSWORD}"


def anthropic(*messages: tuple[str, Any], **more: Any) -> dict[str, Any]:
    body = {"model": "m", "messages": [{"role": role, "content": content} for role, content in messages], **more}
    return {
        "host": "api.anthropic.com",
        "path": "/v1/messages",
        "headers": {"content-type": "application/json"},
        "body": orjson.dumps(body),
    }


def responses(*items: dict[str, Any]) -> dict[str, Any]:
    return {"path": "/v1/responses", "body": orjson.dumps({"model": "m", "input": items})}


def gemini(*contents: tuple[str, str]) -> dict[str, Any]:
    body = {"contents": [{"role": role, "parts": [{"text": text}]} for role, text in contents]}
    return {
        "host": "generativelanguage.googleapis.com",
        "path": "/v1beta/models/m:generateContent",
        "body": orjson.dumps(body),
    }


def block(*texts: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text} for text in texts]


async def ask(guard: Guard, request: dict[str, Any], who: Any = ADA) -> Verdict:
    return await send(guard, request.pop("body"), who, **request)


def item(role: str, text: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": text}


TOOL_USE = {"type": "tool_use", "id": "t1", "name": "Read", "input": {"path": "a.env"}}


def result(text: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": "t1", "content": text}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([("user", SECRET)], [("user", SECRET), ("user", "just say hello")]),
        ([("user", SECRET)], [("user", SECRET), ("assistant", "API Error: 400"), ("user", "just say hello")]),
        ([("user", block(SECRET))], [("user", block(SECRET, "just say hello"))]),
        (
            [("user", block("<reminder>x</reminder>", SECRET))],
            [("user", block("<reminder>x</reminder>", SECRET, "go on"))],
        ),
        ([("user", SECRET)], [("user", SECRET + "\n\njust say hello")]),
        (
            [("user", "go on"), ("assistant", "done"), ("user", SECRET)],
            [("user", "go on"), ("assistant", "done"), ("user", SECRET), ("user", "go on")],
        ),
        ([("system", SECRET), ("user", "hi")], [("system", SECRET), ("user", "hi"), ("user", "and now?")]),
        (
            [("user", "read it"), ("assistant", [TOOL_USE]), ("user", [result(SECRET)])],
            [("user", "read it"), ("assistant", [TOOL_USE]), ("user", [result(SECRET), *block("what now?")])],
        ),
    ],
)
async def test_a_session_goes_on_after_a_block(make_guard: Any, first: Any, second: Any) -> None:  # noqa: F811
    guard = await make_guard()
    refused = await ask(guard, anthropic(*first))
    assert refused.decision.action is Action.BLOCK
    again = await ask(guard, anthropic(*first))
    assert again.decision.action is Action.BLOCK
    on = await ask(guard, anthropic(*second))
    assert on.decision.action is Action.REDACT
    assert on.body is not None
    assert PASSWORD not in on.body.decode()
    assert (await ask(guard, anthropic(*second))).decision.action is Action.REDACT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (responses(item("user", SECRET)), responses(item("user", SECRET), item("user", "just say hello"))),
        (gemini(("user", SECRET)), gemini(("user", SECRET), ("user", "just say hello"))),
        ({"body": chat(("user", SECRET))}, {"body": chat(("user", SECRET), ("user", "just say hello"))}),
    ],
)
async def test_in_other_formats_too(make_guard: Any, first: Any, second: Any) -> None:  # noqa: F811
    guard = await make_guard()
    assert (await ask(guard, dict(first))).decision.action is Action.BLOCK
    on = await ask(guard, dict(second))
    assert on.decision.action is Action.REDACT
    assert PASSWORD not in (on.body or b"").decode()


async def test_what_is_new_in_the_last_message_blocks(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    await send(guard, chat(("user", SECRET)))
    other = "my password is Correct" + "Horse!77q"
    verdict = await send(guard, chat(("user", SECRET), ("user", other)))
    assert verdict.decision.action is Action.BLOCK
    verdict = await send(guard, chat(("user", "hello"), ("assistant", "hi"), ("user", SECRET)))
    assert verdict.decision.action is Action.BLOCK


async def test_what_one_person_was_refused_is_new_from_another(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    await send(guard, chat(("user", SECRET)))
    verdict = await send(guard, chat(("user", SECRET), ("user", "just say hello")), BOB)
    assert verdict.decision.action is Action.BLOCK


EMAIL = "jane@orchard-lane.com"


@pytest.mark.parametrize(
    "text",
    [f"Of course: {EMAIL} it is.", f"name,mail\nJane,{EMAIL}\n", f"/home/x/{EMAIL}/notes.md"],
)
async def test_known_originals_are_replaced_wherever_they_stand(make_guard: Any, text: str) -> None:  # noqa: F811
    guard = await make_guard()
    first = await send(guard, chat(("user", f"Write to {EMAIL}")))
    (placeholder,) = first.restoration.originals
    later = await send(guard, chat(("user", f"Write to {EMAIL}"), ("assistant", text), ("user", "And then?")))
    assert later.decision.action is Action.REDACT
    sent = json.loads(later.body or b"")["messages"]
    assert sent[1]["content"] == text.replace(EMAIL, placeholder)


async def test_a_date_of_birth_leaves_nowhere_once_it_was_found(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    born = "14.03." + "1975"
    first = await send(guard, chat(("user", f"Her date of birth is {born}.")))
    assert first.decision.action is Action.REDACT
    turns = chat(
        ("user", f"Her date of birth is {born}."), ("assistant", f"Noted, {born}."), ("user", f"Was {born} a Friday?")
    )
    later = await send(guard, turns)
    assert born not in (later.body or b"").decode()


@pytest.mark.parametrize(
    "turns",
    [
        [("user", SECRET), ("user", "hello"), ("user", f"and {PASSWORD} again")],
        [("user", SECRET), ("assistant", "ok"), ("user", f"use {PASSWORD} there")],
        [("user", PASSWORD)],
        [("user", f"curl -u admin:{PASSWORD} https://intranet.corp.example")],
        [("user", f'send "{PASSWORD}", please')],
    ],
)
async def test_what_was_blocked_never_leaves_by_itself(make_guard: Any, turns: Any) -> None:  # noqa: F811
    guard = await make_guard()
    assert (await send(guard, chat(("user", SECRET)))).decision.action is Action.BLOCK
    verdict = await send(guard, chat(*turns))
    assert verdict.decision.action in (Action.BLOCK, Action.REDACT)
    assert PASSWORD not in (verdict.body or b"").decode()
    assert (await send(guard, chat(("user", f"and {PASSWORD} again")), BOB)).decision.action is Action.ALLOW


async def test_a_password_is_one_in_all_of_a_request(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    verdict = await send(guard, chat(("user", SECRET), ("assistant", "ok"), ("user", f"use {PASSWORD} there")))
    assert len([finding for finding in verdict.findings if finding.entity_type == "PASSWORD"]) == 2


async def test_what_we_put_back_was_not_said_by_the_service(make_guard: Any) -> None:  # noqa: F811
    """Else it would leave in clear as soon as its placeholder is forgotten."""
    clock = [0.0]
    guard = await make_guard()
    guard.memory._vault = MemoryVault(clock=lambda: clock[0])
    first = await send(guard, chat(("user", f"Write to {EMAIL}")))
    (placeholder,) = first.restoration.originals
    observe(guard, first, {"choices": [{"message": {"role": "assistant", "content": f"I wrote to {placeholder}."}}]})
    clock[0] += 3 * 24 * 3600
    later = await send(
        guard, chat(("user", f"I wrote to {EMAIL}."), ("assistant", "And?"), ("user", f"Is {EMAIL} right?"))
    )
    assert EMAIL not in (later.body or EMAIL.encode()).decode()


def observe(guard: Guard, verdict: Verdict, answer: Any) -> None:
    body = orjson.dumps(answer)
    guard.observe(verdict, content_type="application/json", content_encoding="", body=body)


async def test_what_the_service_said_is_no_leak_when_it_comes_back(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    example = f"Put this into .env:\n\nDB_PASSWORD={PASSWORD}\n"
    first = await send(guard, chat(("user", "Show me a .env file")))
    assert first.observed
    observe(guard, first, {"choices": [{"message": {"role": "assistant", "content": example}}]})
    turns = chat(("user", "Show me a .env file"), ("assistant", example), ("user", "And in YAML?"))
    assert (await send(guard, turns)).decision.action is Action.ALLOW
    quoted = chat(("user", f"What does 'DB_PASSWORD={PASSWORD}' mean?"))
    assert (await send(guard, quoted)).decision.action is Action.ALLOW
    assert (await send(guard, turns, BOB)).decision.action is Action.BLOCK


def thinking(text: str, signature: str) -> Any:
    return [{"type": "thinking", "thinking": text, "signature": signature}, *block("Hello.")]


async def test_what_the_service_sealed_is_forwarded_as_it_is(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    seal = f"The mail is {EMAIL}. Password: {PASSWORD}"
    first = await ask(guard, anthropic(("user", "hello")))
    answer = {"type": "message", "role": "assistant", "content": thinking(seal, "EqQBCgIYAhIk" * 9)}
    observe(guard, first, answer)
    turns = (("user", "hello"), ("assistant", thinking(seal, "EqQBCgIYAhIk" * 9)), ("user", "on"))
    verdict = await ask(guard, anthropic(*turns))
    assert (verdict.decision.action, verdict.body) == (Action.ALLOW, None)
    assert verdict.prompt is not None
    assert sum(segment.nature is Nature.SEALED for segment in verdict.prompt.segments) == 2


@pytest.mark.parametrize("place", ["thinking", "signature"])
async def test_a_seal_is_no_place_to_hide(make_guard: Any, place: str) -> None:  # noqa: F811
    guard = await make_guard()
    parts = {"thinking": "Hm.", "signature": "EqQBCgIYAhIk", place: SECRET}
    turns = (
        ("user", "hello"),
        ("assistant", thinking(parts["thinking"], parts["signature"])),
        ("user", "on"),
    )
    assert (await ask(guard, anthropic(*turns))).decision.action is Action.BLOCK


async def test_answers_to_what_is_no_prompt_are_not_observed(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard()
    destination = guard.rules.registry.find_host("chatgpt.com")
    verdict = await guard.inspect(Request("GET", "chatgpt.com", "/"), ADA, destination)
    assert not verdict.observed


def form(**fields: str) -> dict[str, Any]:
    body = "&".join(f"{name}={quote(value)}" for name, value in fields.items()).encode()
    return {"headers": {"content-type": "application/x-www-form-urlencoded"}, "body": body, "path": "/v1/x"}


@pytest.mark.parametrize(
    "request_",
    [
        form(note=SECRET, more="just say hello"),
        {"body": chat(("user", f"Once more: {SECRET}"), ("user", "just say hello"))},
        {"body": orjson.dumps({"note": SECRET, "more": "just say hello"}), "path": "/v1/x"},
    ],
)
async def test_only_what_was_refused_and_is_followed_by_a_message_is_history(
    make_guard: Any,  # noqa: F811
    request_: dict[str, Any],
) -> None:
    guard = await make_guard()
    assert (await send(guard, chat(("user", SECRET)))).decision.action is Action.BLOCK
    assert (await ask(guard, dict(request_))).decision.action is Action.BLOCK
