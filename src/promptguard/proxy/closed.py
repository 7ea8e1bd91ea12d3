"""What is said where there is no guard yet, and what is said of requests that are too large."""

from __future__ import annotations

import orjson

from promptguard.model import Answer

_TEXT = """PromptGuard stopped this request. Nothing was sent.

{why}

Try again in a minute. If it happens again, tell your IT department."""


def unavailable_answer(why: str) -> Answer:
    """A refusal while there is no guard yet to say it in the provider's own words: JSON that most clients show."""
    text = _TEXT.format(why=why)
    error = {"message": text, "type": "invalid_request_error", "param": None, "code": "promptguard_unavailable"}
    headers = {"content-type": "application/json", "x-should-retry": "false"}
    return Answer(400, headers, orjson.dumps({"type": "error", "error": error}))


def too_large_problem(limit: int) -> str:
    """Why a request that is longer than `limit` bytes is not inspected."""
    return f"The request is larger than PromptGuard reads ({limit / 1_048_576:.3g} MB)."
