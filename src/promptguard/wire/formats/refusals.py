"""How a format says no: HTTP 400 in the provider's own error JSON.

400 with JSON is the one status that every client tested shows to the person after a single request; `x-should-retry`
keeps the OpenAI and Anthropic SDKs from sending it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from promptguard.model import Answer, Notice

STATUS: Final = 400


def refusal(body: Mapping[str, Any], **headers: str) -> Answer:
    """An answer with a JSON body; underscores in the names of more headers stand for hyphens."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        STATUS,
        {"content-type": "application/json", "cache-control": "no-store", "x-should-retry": "false", **more},
        orjson.dumps(dict(body)),
    )


def openai_refusal(notice: Notice) -> Answer:
    """OpenAI's error object (platform.openai.com/docs/guides/error-codes), which most other providers copy."""
    error = {"message": notice.text, "type": "invalid_request_error", "param": None, "code": notice.code}
    return refusal({"error": error})


def web_refusal(notice: Notice) -> Answer:
    """For web pages, whose scripts look for the sentence in `detail` or in `error.message`."""
    error = {"message": notice.text, "type": "invalid_request_error", "param": None, "code": notice.code}
    return refusal({"type": "error", "error": error, "detail": notice.text})
