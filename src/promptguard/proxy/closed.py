"""What is said where the guard itself cannot speak: it is still starting, or its record cannot be written."""

from __future__ import annotations

import orjson

from promptguard.destinations.formats.interface import Format
from promptguard.model import Answer, Notice

_TEXT = """PromptGuard stopped this request. Nothing was sent.

{why}

Try again in a minute. If it happens again, tell your IT department."""


def unavailable_answer(why: str, form: Format | None) -> Answer:
    """A refusal in the provider's own error shape, or as plain JSON as long as no formats are loaded."""
    notice = Notice("", "PromptGuard stopped this request", _TEXT.format(why=why), "promptguard_unavailable")
    if form is not None:
        return form.refuse(notice, streaming=False)
    error = {"message": notice.text, "type": "invalid_request_error", "param": None, "code": notice.code}
    headers = {"content-type": "application/json", "x-should-retry": "false"}
    return Answer(400, headers, orjson.dumps({"type": "error", "error": error}))


def too_large_problem(limit: int) -> str:
    """Why a request that is longer than `limit` bytes is not inspected."""
    return f"The request is larger than PromptGuard reads ({limit / 1_048_576:g} MB)."
