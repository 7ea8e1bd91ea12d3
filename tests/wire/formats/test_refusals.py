from __future__ import annotations

import json

from promptguard.wire.formats.refusals import refusal


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
