"""Every place of a request beside its body."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from harness.attack import Attack
from harness.requests import chat, request

type Place = Callable[[str], bytes]


def get(path: str, **headers: str) -> bytes:
    return request(method="GET", path=path, kind="", headers={k.replace("_", "-"): v for k, v in headers.items()})


def post(headers: dict[str, str], **options: str) -> bytes:
    return request(chat("hello"), headers=headers, **options)  # type: ignore[arg-type]


def percent(text: str) -> str:
    return "".join(f"%{ord(character):02X}" for character in text)


PLACES: dict[str, Place] = {
    "method": lambda v: request(chat("hello"), method=v),
    "path": lambda v: get(f"/v1/files/{v}"),
    "path, first part": lambda v: get(f"/{v}"),
    "path, middle": lambda v: get(f"/v1/threads/{v}/messages"),
    "path, with an ending": lambda v: get(f"/v1/files/{v}.json"),
    "path, percent": lambda v: get(f"/v1/files/{percent(v)}"),
    "path, percent twice": lambda v: get(f"/v1/files/{percent(percent(v))}"),
    "path, backslash": lambda v: get(f"/v1\\{v}"),
    "path, dots": lambda v: get(f"/v1/{v}/../models"),
    "path, double slash": lambda v: get(f"//{v}/v1/threads"),
    "matrix parameter": lambda v: get(f"/v1/threads;note={v}"),
    "matrix parameter in the middle": lambda v: get(f"/v1;a={v}/models"),
    "query value": lambda v: get(f"/v1/threads?note={v}"),
    "query name": lambda v: get(f"/v1/threads?{v}=1"),
    "query alone": lambda v: get(f"/v1/threads?{v}"),
    "query after semicolon": lambda v: get(f"/v1/threads?a=1;b={v}"),
    "query of a query": lambda v: get(f"/v1/threads?a=1?b={v}"),
    "query, percent": lambda v: get(f"/v1/threads?note={percent(v)}"),
    "query, base64": lambda v: get(f"/v1/threads?note={base64.urlsafe_b64encode(v.encode()).decode()}"),
    "query, JSON": lambda v: get(f"/v1/threads?note={percent(chr(123) + chr(34) + v + chr(34) + ':1}')}"),
    "query, brackets": lambda v: get(f"/v1/threads?a[{v}]=1"),
    "fragment": lambda v: get(f"/v1/threads#{v}"),
    "header": lambda v: post({"x-note": f"see {v} there"}),
    "header name": lambda v: post({v: "1"}),
    "header, percent": lambda v: post({"x-note": percent(v)}),
    "header, base64": lambda v: post({"x-note": base64.b64encode(v.encode()).decode()}),
    "header, JSON": lambda v: post({"x-portkey-metadata": f'{{"_user":"{v}"}}'}),
    "header, MIME word": lambda v: post({"x-note": f"=?utf-8?B?{base64.b64encode(v.encode()).decode()}?="}),
    "two headers of a name": lambda v: post({"x-note": "a", "X-Note": v}),
    "cookie": lambda v: post({"cookie": f"a=1; note={v}"}),
    "cookie name": lambda v: post({"cookie": f"{v}=1"}),
    "second cookie line": lambda v: post({"cookie": "a=1", "Cookie": f"b={v}"}),
    "user agent": lambda v: post({"user-agent": f"client/1.0 ({v})"}),
    "referer": lambda v: post({"referer": f"https://intranet.example/?q={v}"}),
    "referer's path": lambda v: post({"referer": f"https://intranet.example/{v}"}),
    "origin": lambda v: post({"origin": f"https://intranet.example/{v}"}),
    "from": lambda v: post({"from": v}),
    "forwarded": lambda v: post({"forwarded": f"for={v}"}),
    "x-forwarded-for": lambda v: post({"x-forwarded-for": v}),
    "via": lambda v: post({"via": f"1.1 {v}"}),
    "accept": lambda v: post({"accept": f"application/json;note={v}"}),
    "accept-language": lambda v: post({"accept-language": f"de, {v}"}),
    "if-match": lambda v: post({"if-match": f'"{v}"'}),
    "idempotency key": lambda v: post({"idempotency-key": v}),
    "organization": lambda v: post({"openai-organization": v}),
    "beta": lambda v: post({"openai-beta": f"assistants=v2,{v}"}),
    "SDK header": lambda v: post({"x-stainless-lang": v}),
    "request id": lambda v: post({"x-request-id": v}),
    "baggage": lambda v: post({"baggage": f"user={v}"}),
    "tracestate": lambda v: post({"tracestate": f"a={v}"}),
    "content-disposition": lambda v: post({"content-disposition": f'attachment; filename="{v}.txt"'}),
    "content-language": lambda v: post({"content-language": v}),
    "content-location": lambda v: post({"content-location": f"/{v}"}),
    "range": lambda v: post({"range": f"{v}=0-1"}),
    "warning": lambda v: post({"warning": f'199 - "{v}"'}),
    "link": lambda v: post({"link": f"</{v}>; rel=next"}),
    "te": lambda v: post({"te": f"trailers, {v}"}),
    "prefer": lambda v: post({"prefer": v}),
    "proxy authorization": lambda v: post(
        {"proxy-authorization": f"Basic {base64.b64encode(f'a:{v}'.encode()).decode()}"}
    ),
    "authorization, another scheme": lambda v: post({"authorization": f"Note {v}"}),
    "second authorization": lambda v: post({"authorization": "Bearer sk-x", "Authorization": f"Bearer {v} x"}),
}
"""A credential is blocked, an address replaced or blocked, wherever it stands."""

_NO_LETTERS = {"method", "header name", "cookie name", "range", "via"}
_OWN = {"second authorization", "proxy authorization"}
"""Where a credential for the service itself belongs."""


@pytest.mark.parametrize("name", PLACES)
def test_credential(name: str, attack: Attack) -> None:
    attack.leaves_not("key", PLACES[name])


@pytest.mark.parametrize("name", [name for name in PLACES if name not in _NO_LETTERS | _OWN])
def test_address(name: str, attack: Attack) -> None:
    attack.leaves_not("mail", PLACES[name])


@pytest.mark.parametrize(
    "name", ["path", "path, percent", "query value", "header", "cookie", "matrix parameter", "referer", "user agent"]
)
@pytest.mark.parametrize("kind", ["card", "iban", "token"])
def test_other_values(name: str, kind: str, attack: Attack) -> None:
    attack.leaves_not(kind, PLACES[name])


SENTENCES: dict[str, Place] = {
    "path": lambda v: get(f"/v1/search/my+password+is+{v}"),
    "path, percent": lambda v: get(f"/v1/search/my%20password%20is%20{percent(v)}"),
    "path, hyphens": lambda v: get(f"/v1/search/password={v}"),
    "query": lambda v: get(f"/v1/search?q=my+password+is+{v}"),
    "query, by its name": lambda v: get(f"/v1/search?password={v}"),
    "header": lambda v: post({"x-note": f"my password is {v}"}),
    "header, by its name": lambda v: post({"x-user-password": v}),
    "cookie": lambda v: post({"cookie": f"note=my password is {v}"}),
    "basic": lambda v: post({"x-login": f"Basic {base64.b64encode(f'admin:{v}'.encode()).decode()}"}),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_password(name: str, attack: Attack) -> None:
    attack.leaves_not("password", SENTENCES[name])


KEYS: dict[str, tuple[str, Callable[[str], str]]] = {
    "second key": ("generativelanguage.googleapis.com", lambda v: f"?key=AIzaSyA&key={v}"),
    "second key in capitals": ("generativelanguage.googleapis.com", lambda v: f"?key=AIzaSyA&KEY={v}"),
    "another beside the key": ("generativelanguage.googleapis.com", lambda v: f"?key=AIzaSyA&x={v}"),
    "key of another service": ("api.openai.com", lambda v: f"?key={v}"),
    "sentence as a key": ("generativelanguage.googleapis.com", lambda v: f"?key=see+{v}+there"),
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("kind", ["key", "mail", "card"])
def test_key_parameters(name: str, kind: str, attack: Attack) -> None:
    host, query = KEYS[name]
    attack.leaves_not(kind, lambda v: request(method="GET", path=f"/v1beta/x{query(v)}", host=host, kind=""), host=host)


CONTROLS = {
    "own key": post({"authorization": "Bearer sk-proj-" + "aB3dE5fG7hJ9" * 4}),
    "SDK": post({"user-agent": "OpenAI/Python 1.90.0", "x-stainless-lang": "python", "x-stainless-arch": "x64"}),
    "trace": post({"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}),
    "browser": post({"sec-ch-ua": '"Chromium";v="140"', "accept-language": "de-DE,de;q=0.9,en;q=0.8"}),
    "cookies": post({"cookie": "__cf_bm=Xk3.8sj2LsPq; session=eyJhIjoxfQ.aa.bb; theme=dark"}),
    "ids": get("/v1/threads/thread_abc123DEF456/messages?after=msg_0a1b2c3d&order=asc"),
    "uuid": get("/v1/files/7f3c1d2e-4b5a-4c6d-8e9f-0a1b2c3d4e5f"),
    "colon": get("/v1/models/gpt-5:latest"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_clean_arrives_whole(name: str, attack: Attack) -> None:
    attack.arrives_whole(CONTROLS[name])
