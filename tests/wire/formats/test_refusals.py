from __future__ import annotations

import json

from promptguard.model import Notice
from promptguard.wire.formats.refusals import busy, refusal


def test_refusal() -> None:
    answer = refusal({"message": "Grüße"}, x_amzn_errortype="ValidationException")
    assert answer.status == 400
    assert json.loads(answer.body) == {"message": "Grüße"}
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-should-retry": "false",
        "x-amzn-errortype": "ValidationException",
    }


def test_busy() -> None:
    notice = Notice("pg-1", "Not now", "Try again.", retry_after=3)
    answer = busy({"message": "Grüße"}, notice, 529, {"x-amzn-errortype": "ServiceUnavailableException"})
    assert answer.status == 529
    assert json.loads(answer.body) == {"message": "Grüße"}
    assert answer.headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "retry-after": "3",
        "x-should-retry": "true",
        "x-amzn-errortype": "ServiceUnavailableException",
    }
