from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from promptguard.device_sign_in.client import MAX_ANSWER, Device, DeviceClient, Waiting, is_signed
from promptguard.errors import PromptGuardError

URL = "https://proxy.corp.example:8443"
BEGUN = {
    "device_code": "h",
    "user_code": "BCDF",
    "verification_uri": "https://login/a",
    "expires_in": 60,
    "interval": 5,
}
GIVEN: dict[str, Any] = {
    "user": "dev-0123456789ab",
    "password": "secret-of-the-test",
    "expires_at": "2027-02-14T08:00:14Z",
    "proxies": ["https://proxy.corp.example:8080"],
    "pac_url": f"{URL}/device/pac/x/proxy.pac",
    "pac_key": "key",
}
PENDING = (400, {"error": "authorization_pending"})

type Answer = tuple[int, Any] | Exception


class Proxy(httpx.BaseTransport):
    """Gives one answer after another, and the last one again."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((str(request.url), request.read().decode()))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())


class Pauses(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


type Make = Callable[..., DeviceClient]


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def make(pauses: Pauses) -> Make:
    return lambda *answers, url=URL: DeviceClient(url, transport=Proxy(*answers), pause=pauses)


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/device"])
def test_a_device_waits_for_somebody(pauses: Pauses, url: str) -> None:
    proxy, told = Proxy((200, BEGUN), PENDING, PENDING, (200, GIVEN)), []
    with DeviceClient(url, transport=proxy, pause=pauses) as client:
        device = client.sign_in(told.append)
    assert told == [Waiting("BCDF", "https://login/a", "")]
    assert device == Device(**{**GIVEN, "proxies": tuple(GIVEN["proxies"])})
    assert GIVEN["password"] not in repr(device)
    assert pauses == [5, 5, 5]
    assert [url for url, _ in proxy.asked] == [f"{URL}/device/authorization", *[f"{URL}/device/token"] * 3]
    assert "device_code=h" in proxy.asked[-1][1]


@pytest.mark.parametrize(
    ("answer", "next_pause"),
    [
        (PENDING, 5),
        ((400, {"error": "slow_down"}), 10),
        ((503, {"error": "temporarily_unavailable"}), 10),
        ((502, b"<html>"), 10),
        (httpx.ConnectError("no"), 10),
    ],
)
def test_it_asks_again_as_it_is_told(make: Make, pauses: Pauses, answer: Answer, next_pause: int) -> None:
    make((200, BEGUN), answer, (200, GIVEN)).sign_in(lambda _: None)
    assert pauses == [5, next_pause]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([httpx.ConnectError("no")], "does not answer: ConnectError"),
        ([httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")], "--ca-file"),
        ([(503, {"error": "x", "error_description": "Later."})], "Later"),
        ([(200, b"<html>")], "no address where devices sign in"),
        ([(200, BEGUN), (400, {"error": "access_denied", "error_description": "Not you."})], "Not you"),
        ([(200, BEGUN), (400, {"error": "expired_token"})], "was refused"),
        ([(200, BEGUN), (400, {"error": "x", "error_description": "\x1b[2J"})], "was refused"),
        ([(200, BEGUN), PENDING], "Nobody has signed in"),
        ([(200, BEGUN), (200, {**GIVEN, "password": None})], "something else"),
        ([(200, BEGUN), (200, {**GIVEN, "proxies": []})], "something else"),
        ([(200, BEGUN), (200, {**GIVEN, "pac_url": "https://evil.example/proxy.pac"})], "something else"),
        ([(200, b"x" * (MAX_ANSWER + 1))], "more than"),
    ],
)
def test_what_comes_to_nothing_says_why(make: Make, answers: list[Answer], told: str) -> None:
    with pytest.raises(PromptGuardError, match=told):
        make(*answers).sign_in(lambda _: None)


def test_what_would_move_a_terminal_is_not_shown(make: Make) -> None:
    told: list[Waiting] = []
    make((200, {**BEGUN, "user_code": "\x1b]0;x"}), (200, GIVEN)).sign_in(told.append)
    assert told[0].user_code == ""


@pytest.mark.parametrize("url", ["http://proxy.corp.example:8443", "proxy.corp.example", "ftp://127.0.0.1"])
def test_no_password_goes_unencrypted(make: Make, url: str) -> None:
    with pytest.raises(PromptGuardError, match="write an address such as"):
        make((200, BEGUN), url=url)


def test_what_is_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("none")
    with pytest.raises(PromptGuardError, match="no certificates"):
        DeviceClient(URL, tmp_path / "ca.pem")


def pem(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_pac_file_is_taken_with_its_signature_alone(make: Make) -> None:
    key = Ed25519PrivateKey.generate()
    signed = key.sign(b"new")
    url = GIVEN["pac_url"]
    assert make((200, b"new"), (200, signed)).pac(url, pem(key)) == (b"new", signed)
    changed_between = [(200, b"old"), (200, signed), (200, b"new"), (200, signed)]
    assert make(*changed_between).pac(url, pem(key)) == (b"new", signed)
    with pytest.raises(PromptGuardError, match="not signed"):
        make((200, b"forged"), (200, signed), (200, b"forged"), (200, signed)).pac(url, pem(key))
    with pytest.raises(PromptGuardError, match="has ended"):
        make((200, b"new"), (410, b"{}")).pac(url, pem(key))
    with pytest.raises(PromptGuardError, match="answers 500"):
        make((500, b"")).pac(url, pem(key))
    assert not is_signed(b"new", signed, pem(X25519PrivateKey.generate()))
