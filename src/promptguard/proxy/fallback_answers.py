"""What is said where the guard cannot say it: while there is none yet, and of requests that it is not given."""

from __future__ import annotations

import orjson

from promptguard.model import Answer
from promptguard.notices.writer import NoticeWriter
from promptguard.reasons import Code, Reason

_FALLBACK = """Nothing was sent. PromptGuard cannot check requests right now ({why}).

Try again in a minute. If it happens again, tell your IT department."""
"""Where there is no configuration, and so no language, at hand."""


def unavailable_answer(why: Reason, notices: NoticeWriter | None = None) -> Answer:
    """A refusal while there is no guard yet to say it in the provider's own words: JSON that most clients show."""
    text = notices.unavailable("", why).text if notices else _FALLBACK.format(why=why)
    return plain_answer(text, "promptguard_unavailable")


def plain_answer(text: str, code: str) -> Answer:
    """A notice in a form that most clients show."""
    error = {"message": text, "type": "invalid_request_error", "param": None, "code": code}
    headers = {"content-type": "application/json", "x-should-retry": "false"}
    return Answer(400, headers, orjson.dumps({"type": "error", "error": error}))


def too_large_problem(limit: int) -> Reason:
    """Why a request that is longer than `limit` bytes is not inspected."""
    return Reason(Code.BODY_TOO_LARGE, {"megabytes": round(limit / 1_048_576, 3)})
