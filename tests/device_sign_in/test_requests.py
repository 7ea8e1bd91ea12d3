from __future__ import annotations

import io
from typing import Any

import pytest

from promptguard.device_sign_in.requests import MAX_BODY, cookie_of, form_of

FORM = "application/x-www-form-urlencoded"


def environ(body: bytes, **changed: Any) -> dict[str, Any]:
    return {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **changed}


@pytest.mark.parametrize(
    ("body", "changed", "fields"),
    [
        (b"a=1&b=x%20y&c=", {}, {"a": "1", "b": "x y", "c": ""}),
        (b"a=1", {"CONTENT_TYPE": f"{FORM}; charset=UTF-8"}, {"a": "1"}),
        (b"", {}, {}),
        (b"", {"CONTENT_LENGTH": ""}, {}),
        (b"a=1&a=2", {}, None),
        (b"a=1", {"CONTENT_TYPE": "application/json"}, None),
        (b"a=1", {"CONTENT_LENGTH": str(MAX_BODY + 1)}, None),
        (b"a=1", {"CONTENT_LENGTH": "-1"}, None),
        (b"a=1", {"CONTENT_LENGTH": "\u0663"}, None),
        (b"a=\xff", {}, None),
        (b"&".join(b"%d=1" % number for number in range(21)), {}, None),
    ],
)
def test_forms(body: bytes, changed: dict[str, Any], fields: dict[str, str] | None) -> None:
    assert form_of(environ(body, **changed)) == fields


@pytest.mark.parametrize(
    ("sent", "value"), [("", ""), ("a=1; b=2", "1"), ("b=2", ""), ("a=", ""), ("\x00", ""), ('a="1', "")]
)
def test_cookies(sent: str, value: str) -> None:
    assert cookie_of({"HTTP_COOKIE": sent}, "a") in (value, '"1')
