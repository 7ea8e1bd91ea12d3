"""What stands beside a body: findings in it block, and what clients and services put there themselves is none."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.allow_list import load_allow_list
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.model import Position, Request, Segment
from promptguard.wire.heads import head_texts

ROOT = Path(__file__).parents[2]
RECOGNIZERS = ROOT / "config" / "recognizers"
SHAPES = (ROOT / "tests" / "samples" / "heads.txt").read_text("utf-8").splitlines()
EACH = 20
"""Requests of each shape; 2,000 of each were without a finding when the shapes were written down."""

PASSWORD = "Tr0ub4dor" + "&3xyz"
MAIL = "jane.doe@orchard-lane.com"
CARD = "4539" + "148803436467"
IBAN = "DE8937040044" + "0532013000"
AWS = "AKIA" + "QYLPMN5HNM2VK7RT"
VENDOR = "sk-ant-api03-" + "Zx9Kq" * 18 + "QwErTAA"

_R = random.Random(7)
_ALPHABETS = {
    "al": string.ascii_letters + string.digits,
    "lo": string.ascii_lowercase + string.digits,
    "low": string.ascii_lowercase,
    "up": string.ascii_uppercase + "234567",
    "ul": "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    "hx": "0123456789abcdef",
    "HX": "0123456789ABCDEF",
    "dg": string.digits,
}
_DRAWN = re.compile(r"<(\w+?)(\d*)(?:-(\d+))?>|<basic:([^:>]*):([^>]*)>")


def drawn(template: str) -> str:
    """A shape with its ids drawn: `<hx16>` is 16 hexadecimal digits, `<n1-9>` a number, `<bu30>` 30 bytes."""

    def draw(found: re.Match[str]) -> str:
        kind, first, last = found[1], int(found[2] or 0), int(found[3] or 0)
        if kind is None:
            pair = ":".join(re.sub(r"(al|hx)(\d+)", lambda part: drawn(f"<{part[0]}>"), found[at]) for at in (4, 5))
            return base64.b64encode(pair.encode()).decode()
        if kind == "uu":
            return str(uuid.UUID(int=_R.getrandbits(128), version=4))
        if kind == "ms":
            return str(1_700_000_000_000 + _R.randrange(10**11))
        if kind == "n":
            return str(_R.randint(first, last))
        if kind == "jwt":
            parts = ({"alg": "RS256", "typ": "JWT"}, {"sub": drawn("<uu>"), "email": MAIL})
            coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
            return ".".join((*coded, drawn("<bu256>")))
        if kind in ("bb", "bu"):
            encode = base64.b64encode if kind == "bb" else base64.urlsafe_b64encode
            return encode(_R.randbytes(first)).decode().rstrip("" if kind == "bb" else "=")
        digits = "".join(_R.choices(_ALPHABETS[kind], k=first))
        return "1" + digits[1:] if kind == "dg" and digits[0] == "0" else digits

    return _DRAWN.sub(draw, template)


def request_of(shape: str, *, browser: bool = False) -> Request:
    kind, _, value = drawn(shape).partition(" ")
    beside = (("sec-fetch-site", "same-origin"),) if browser else ()
    if kind == "path":
        return Request("GET", "h.example", value, fields=beside)
    name, _, said = value.partition(": ") if kind == "field" else ("cookie", "", f"a=1; {value}; b=2")
    return Request("GET", "h.example", "/", fields=((name, said), *beside))


def get(path: str = "/", *fields: tuple[str, str]) -> Request:
    return Request("GET", "h.example", path, fields=fields)


@pytest.fixture(scope="module")
def recognised(tmp_path_factory: pytest.TempPathFactory) -> PatternDetector:
    return PatternDetector(load_recognizers(RECOGNIZERS), tmp_path_factory.mktemp("cache"))


async def found(detector: PatternDetector, requests: Sequence[Request]) -> list[tuple[int, str]]:
    """The number of the request and the type of each finding."""
    scanner = Scanner([detector], b"k" * 32, cache_entries=0, allow_list=load_allow_list(RECOGNIZERS / "allow.yaml"))
    await scanner.start()
    texts = [(number, text) for number, request in enumerate(requests) for text in head_texts(request)]
    segments = [Segment((), text.text, text.role, Position.NEW, text.label, *text.standing) for _, text in texts]
    return [(texts[each.segment][0], each.entity_type) for each in (await scanner.scan(segments)).findings]


@pytest.mark.parametrize("browser", [False, True], ids=["program", "browser"])
async def test_what_clients_and_services_put_there_is_no_finding(recognised: PatternDetector, browser: bool) -> None:
    requests = [(shape, request_of(shape, browser=browser)) for shape in SHAPES for _ in range(EACH)]
    alarms = await found(recognised, [request for _, request in requests])
    assert [(requests[number][0], kind) for number, kind in alarms] == []


LEAKS = [
    get(f"/search/my+password+is+{PASSWORD}"),
    get(f"/search/my%20password%20is%20{PASSWORD}"),
    get(f"/search/my-password-is-{PASSWORD}"),
    get(f"/v1/files/{MAIL}"),
    get(f"/v1/files/{MAIL.replace('@', '%40')}/content"),
    get(f"/v1/files/card-{CARD}"),
    get(f"/cards/{CARD}"),
    get(f"/{IBAN}"),
    get(f"/pay/iban-{IBAN}/now"),
    get(f"/x/{VENDOR}"),
    get(f"/x;key={AWS}/y"),
    get(f"/x;password={PASSWORD}/y"),
    get(f"/users/password/{PASSWORD}"),
    get(f"/a#my+password+is+{PASSWORD}"),
    get("/", ("x-note", f"my password is {PASSWORD}")),
    get("/", ("x-note", base64.b64encode(f"my password is {PASSWORD}".encode()).decode())),
    get("/", ("x-portkey-metadata", f'{{"_user":"{MAIL}"}}')),
    get("/", ("helicone-property-session", f'{{"password":"{PASSWORD}"}}')),
    get("/", ("User-Agent", f"write to {MAIL}")),
    get("/", ("From", MAIL)),
    get("/", ("Accept-Language", f"my password is {PASSWORD}")),
    get("/", ("Idempotency-Key", MAIL)),
    get("/", ("openai-organization", f"my password is {PASSWORD}")),
    get("/", ("x-stainless-lang", MAIL)),
    get("/", ("baggage", f"userId={MAIL.replace('@', '%40')}")),
    get("/", ("Referer", f"https://intra.example/wiki?q=my+password+is+{PASSWORD}")),
    get("/", ("Referer", f"https://intra.example/{MAIL}")),
    get("/", ("Sec-WebSocket-Protocol", f"chat, {MAIL.replace('@', '%40')}")),
    get("/", ("Sec-WebSocket-Protocol", VENDOR)),
    get("/", ("Authorization", "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode())),
    get("/", ("Authorization", f"Bearer {MAIL}")),
    get("/", ("Authorization", f"Bearer {CARD}")),
    get("/", ("Authorization", f"Bearer abcdef my password is {PASSWORD}")),
    get("/", ("Authorization", "Bearer abcdef"), ("Authorization", f"Bearer {VENDOR}")),
    get("/", ("x-api-key", IBAN)),
    get("/", (AWS, "1")),
    get("/", ("x-db-password", PASSWORD)),
    get("/", ("x-other-vendor", VENDOR)),
    get("/", ("Cookie", f"note={MAIL}")),
    get("/", ("Cookie", f"card={CARD}")),
    get("/", ("Cookie", f"password={PASSWORD}")),
    get("/", ("Cookie", f"k={VENDOR}")),
    get("/", *((f"x-{number}", "v") for number in range(500)), ("x-last", MAIL)),
    Request(AWS, "h.example", "/"),
    Request(f"my-password-is-{PASSWORD}", "h.example", "/"),
    get(f"/search/{f'my password is {PASSWORD}'.encode().hex()}"),
    get(f"/search/{base64.urlsafe_b64encode(f'my password is {PASSWORD}'.encode()).decode()}"),
    get("/", (f"x-my-password-is-{PASSWORD.replace('&', '')}", "1")),
    get("/", ("Origin", f"https://{MAIL}")),
    get("/", ("Authorization", f"Basic admin:{PASSWORD}")),
    get("/", ("Referer", f"https://admin:{PASSWORD}@intra.example/")),
    get("/", ("If-None-Match", f'"{AWS}"')),
    get("/", ("x-csrf-token", AWS)),
]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: f"{leak.method[:4]} {leak.path[:12]} {str(leak.fields)[:24]}")
async def test_what_is_proven_by_its_form_is_found_wherever_it_stands(
    recognised: PatternDetector, leak: Request
) -> None:
    assert await found(recognised, [leak])
