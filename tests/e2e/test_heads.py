"""What stands beside a body, through the real proxy: a leak there is blocked, what clients say of themselves passes."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

import pytest
from support.expected import DECISION_ID
from support.values import aws_key, card, email, iban
from support.watch import Watch
from support.wire import Answered, exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess

type Post = Callable[..., Answered]

_R = random.Random(92)
KEY, CARD, IBAN, MAIL = aws_key(_R), card(_R), iban(_R), email(11)
PASSWORD = "".join(_R.choices("abcdefghkmnpqrstuvwxyz", k=6)) + "&" + "".join(_R.choices("23456789", k=4)) + "Zq"
CLEAN = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "What is a mutex?"}]}).encode()


def with_fields(**fields: str) -> bytes:
    return request_bytes(CLEAN, headers={name.replace("_", "-"): value for name, value in fields.items()})


LEAKS = {
    "words in the path": request_bytes(CLEAN, path=f"/v1/search/my+password+is+{PASSWORD}"),
    "encoded words in the path": request_bytes(CLEAN, path=f"/v1/search/my%20password%20is%20{PASSWORD}"),
    "a card in the path": request_bytes(CLEAN, path=f"/v1/files/card-{CARD}"),
    "an account in the path": request_bytes(CLEAN, path=f"/v1/files/{IBAN}"),
    "an address in the path": request_bytes(CLEAN, path=f"/v1/files/{MAIL}/content"),
    "a matrix parameter": request_bytes(CLEAN, path=f"/v1;key={KEY}/files"),
    "a fragment": request_bytes(CLEAN, path=f"/v1/files#{KEY}"),
    "a query's name": request_bytes(CLEAN, path=f"/v1/files?{KEY}=1"),
    "the method": request_bytes(CLEAN, method=KEY),
    "a field of one's own": with_fields(x_note=f"my password is {PASSWORD}"),
    "a field's name": request_bytes(CLEAN, headers={KEY: "1"}),
    "JSON in a field": with_fields(x_portkey_metadata=json.dumps({"_user": MAIL})),
    "a browser's name": with_fields(user_agent=f"curl, write to {MAIL}"),
    "where one comes from": with_fields(referer=f"https://intra.example/?q=my+password+is+{PASSWORD}"),
    "an idempotency key": with_fields(idempotency_key=MAIL),
    "the second of two fields": with_fields(x_a="1").replace(b"x-a: 1\r\n", f"x-a: 1\r\nx-a: {MAIL}\r\n".encode()),
    "baggage": with_fields(baggage=f"user={MAIL.replace('@', '%40')}"),
    "a cookie": with_fields(cookie=f"a=1; note={MAIL}"),
    "a password of a person": with_fields(
        authorization="Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    ),
    "more than a credential": with_fields(authorization=f"Bearer abc {MAIL}"),
    "two credentials": with_fields(authorization="Bearer abc").replace(
        b"Bearer abc\r\n", f"Bearer abc\r\nauthorization: Bearer {KEY}\r\n".encode()
    ),
}

WORDS = {
    "a chat of an SDK": with_fields(
        authorization="Bearer sk-proj-" + "aB3" * 30,
        user_agent="OpenAI/Python 1.99.1",
        x_stainless_lang="python",
        x_stainless_runtime_version="3.13.1",
        openai_organization="org-aB3dE6gH9jK2mN5pQ8sT1vW4",
        idempotency_key="stainless-python-retry-0b5c2f7e-1d3a-4c6b-9e8f-7a6b5c4d3e2f",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        x_title="Jordan's Desktop",
        http_referer="https://jordan.example/app",
        x_request_id="5029552104821461",
    ),
    "a browser's chat": with_fields(
        user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.60",
        sec_ch_ua='"Chromium";v="142", "Not_A Brand";v="99"',
        sec_fetch_site="same-origin",
        cookie=f"oai-did=0b5c2f7e-1d3a-4c6b-9e8f-7a6b5c4d3e2f; _ga=GA1.1.123456789.1712345678; login={MAIL}",
        oai_device_id="0b5c2f7e-1d3a-4c6b-9e8f-7a6b5c4d3e2f",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_beside_the_body_is_blocked(post: Post, watch: Watch, name: str) -> None:
    answer = post(LEAKS[name])
    assert answer.status == 400, answer
    assert DECISION_ID.search(json.loads(answer.body)["error"]["message"])
    assert watch.requests == []
    assert not any(value in answer.text for value in (KEY, CARD, IBAN, MAIL, PASSWORD))


@pytest.mark.parametrize("name", WORDS)
def test_what_clients_say_of_themselves_passes_as_it_came(proxy: PromptGuardProcess, watch: Watch, name: str) -> None:
    """With the detector of names, too."""
    answer = exchange(proxy.port, proxy.authority, WORDS[name])
    assert answer.status == 200, answer
    assert watch.one.body == CLEAN
    sent = dict(line.split(": ", 1) for line in WORDS[name].partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:])
    assert sent.items() <= dict(watch.one.headers).items()


def test_trailers_end_at_the_proxy(post: Post, watch: Watch) -> None:
    head = with_fields(transfer_encoding="chunked", trailer="x-note").replace(
        f"content-length: {len(CLEAN)}\r\n".encode(), b""
    )
    chunks = b"%x\r\n%b\r\n0\r\nx-note: my key is %b\r\n\r\n" % (len(CLEAN), CLEAN, KEY.encode())
    assert post(head.removesuffix(CLEAN) + chunks).status == 200
    assert watch.one.body == CLEAN and KEY not in str(watch.one.headers)


def test_a_second_key_is_no_credential(post: Post, watch: Watch) -> None:
    host, key = (
        "generativelanguage.googleapis.com",
        "AIza" + "".join(_R.choices(string.ascii_letters + string.digits, k=35)),
    )
    path = "/v1beta/models/gemini-3-pro:generateContent"
    body = json.dumps({"contents": [{"parts": [{"text": "What is a mutex?"}]}]}).encode()
    for query in (f"key=abc&key={key}", f"key=abc&KEY={key}", f"key=abc&%6bey={key}"):
        assert post(request_bytes(body, host=host, path=f"{path}?{query}"), host=host).status == 400
    assert watch.requests == []
    assert post(request_bytes(body, host=host, path=f"{path}?key={key}"), host=host).status == 200
    assert watch.one.query == f"key={key}"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 101),
        ({"sec-websocket-protocol": "realtime, openai-insecure-api-key.sk-proj-" + "aB3" * 30}, 101),
        ({"sec-websocket-protocol": f"chat, {KEY}"}, 426),
        ({"sec-websocket-protocol": f"chat, {MAIL.replace('@', '%40')}"}, 426),
        ({"x-note": f"my password is {PASSWORD}"}, 426),
    ],
)
def test_the_opening_of_a_websocket_is_a_request(post: Post, watch: Watch, fields: dict[str, str], status: int) -> None:
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": base64.b64encode(b"0123456789abcdef").decode(),
        **fields,
    }
    asked = request_bytes(b"", method="GET", path="/v1/responses", headers=upgrade)
    asked = asked.replace(b"content-length: 0\r\n", b"").replace(b"content-type: application/json\r\n", b"")
    assert post(asked).status == status
