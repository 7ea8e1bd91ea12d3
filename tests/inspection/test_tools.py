"""Definitions of tools: what a property may be is read for what it is."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.test_guard import PASSWORD, bundle, make_guard, patterns, send  # noqa: F401 - fixtures

from promptguard.model import Action


def asking(properties: dict[str, Any]) -> bytes:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    tool = {"type": "function", "function": {"name": "log_in", "description": "Logs in.", "parameters": schema}}
    return orjson.dumps({"model": "m", "messages": [{"role": "user", "content": "hello"}], "tools": [tool]})


@pytest.mark.parametrize(
    "properties",
    [
        {"password": {"type": "string", "default": PASSWORD}},
        {"db_password": {"type": "string", "description": "of the database", "const": PASSWORD}},
        {"userPwd": {"type": "string", "pwd": {"default": PASSWORD}}},
        {"passphrase": {"examples": ["", PASSWORD]}},
        {"login": {"type": "object", "default": {"user": "ada", "password": PASSWORD}}},
        {"login": {"properties": {"password": {"example": PASSWORD}}}},
        {"who": {"description": f"The password is {PASSWORD}"}},
        {"who": {"enum": ["a", f"my password is {PASSWORD} ok"]}},
        {"who": {"default": "4539 1488 0343 6467"}},
    ],
)
async def test_a_secret_that_a_property_may_be_is_found(make_guard: Any, properties: dict[str, Any]) -> None:  # noqa: F811
    guard = await make_guard()
    verdict = await send(guard, asking(properties))
    assert verdict.decision.action in (Action.BLOCK, Action.REDACT)
    assert verdict.body is None or PASSWORD.encode() not in verdict.body


@pytest.mark.parametrize(
    "properties",
    [
        {"password": {"type": "string", "description": "The user's password", "default": ""}},
        {"password": {"type": ["string", "null"], "default": "none", "examples": ["********", "<your password>"]}},
        {"city": {"type": "string", "default": "San Francisco, CA", "examples": ["Jordan", "Berlin"]}},
        {"token_type": {"enum": ["bearer", "hmac-sha256"], "default": "bearer"}},
        {"page_token": {"type": "string", "default": "start", "examples": ["CiAKGjBpNDd2Nmp2Zml2cXRwYjBpOXA"]}},
        {"password_policy": {"enum": ["strict-2", "lax-1"], "default": "strict-2"}},
        {"api_key_id": {"const": "v2"}},
        {"default": {"type": "string"}, "password": {"format": "password", "minLength": 8}},
    ],
)
async def test_what_programs_may_be_given_passes_as_it_is(make_guard: Any, properties: dict[str, Any]) -> None:  # noqa: F811
    guard = await make_guard()
    verdict = await send(guard, asking(properties))
    assert (verdict.decision.action, verdict.body) == (Action.ALLOW, None)
