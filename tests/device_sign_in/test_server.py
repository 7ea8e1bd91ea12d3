"""The listener, asked as a browser and as a program do."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tests.device_sign_in.conftest import KEY, LANGUAGES, Clock, InForce
from tests.samples.openid_provider import StandIn

from promptguard.authentication.devices import DeviceUsers
from promptguard.authentication.interface import SignedIn
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.configuration.settings import Settings
from promptguard.demo.certificates import CertificateAuthority
from promptguard.demo.proxy_process import free_port
from promptguard.device_sign_in.client import is_signed
from promptguard.device_sign_in.pac_files import PacFiles
from promptguard.device_sign_in.server import DeviceServer
from promptguard.device_sign_in.sign_ins import SignIns
from promptguard.errors import PromptGuardError
from promptguard.openid.device_flow import GRANT_TYPE
from promptguard.runtime import small_server


class Listener:
    """A running one, and what it goes by."""

    def __init__(self, sign_ins: SignIns, clock: Clock, in_force: InForce, tls: dict[str, str] | None = None) -> None:
        port = free_port()
        assert in_force[0]
        scheme = "https" if tls else "http"
        openid = {**in_force[0].model_dump(mode="json"), "listen": f"127.0.0.1:{port}"}
        openid["url"] = f"{scheme}://127.0.0.1:{port}"
        said: dict[str, Any] = {"identity": {"openid": openid}, "pac": {"proxies": ["proxy.example:8080"]}}
        settings = Settings.model_validate(said)
        if tls:
            section = SimpleNamespace(certificate=Path(tls["certificate"]), key=Path(tls["key"]))
            settings = settings.model_copy(update={"tls": section})
        assert settings.identity.openid
        self.url = settings.identity.openid.url
        self.revoked = DeviceRevocations()
        in_force[0] = settings.identity.openid
        registry, workspaces = SimpleNamespace(destinations=[]), SimpleNamespace(sign_in_hosts=[])
        self.bundle = SimpleNamespace(registry=registry, workspaces=workspaces, settings=settings, languages=LANGUAGES)
        pac_files = PacFiles(KEY, lambda: self.revoked, clock)
        self.server = DeviceServer(settings, lambda: self.bundle, sign_ins, pac_files)  # type: ignore[arg-type, return-value]


@pytest.fixture
def listener(sign_ins: SignIns, clock: Clock, in_force: InForce) -> Iterator[Listener]:
    made = Listener(sign_ins, clock, in_force)
    yield made
    made.server.stop()


@pytest.fixture
def program(listener: Listener) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=listener.url, transport=httpx.WSGITransport(listener.server.application)) as client:
        yield client


browser = program


def ask_for(program: httpx.Client, handle: str) -> httpx.Response:
    return program.post("/device/token", data={"grant_type": GRANT_TYPE, "device_code": handle})


def test_a_program_signs_in(program: httpx.Client, company: StandIn, clock: Clock, listener: Listener) -> None:
    begun = program.post("/device/authorization")
    said = begun.json()
    assert (begun.status_code, begun.headers["cache-control"]) == (200, "no-store")
    assert (said["user_code"], said["verification_uri"]) == ("BCDF-GHJK", f"{company.issuer}/activate")
    assert (said["expires_in"], said["interval"]) == (600, 2)
    early = ask_for(program, said["device_code"])
    assert (early.status_code, early.json()) == (400, {"error": "slow_down"})
    clock.now += 7
    waiting = ask_for(program, said["device_code"])
    assert (waiting.status_code, waiting.json()) == (400, {"error": "authorization_pending"})
    company.devices["device-0"] = "approved"
    clock.now += 7
    given = ask_for(program, said["device_code"])
    assert (given.status_code, given.headers["cache-control"]) == (200, "no-store")
    device = given.json()
    user = DeviceUsers(KEY, DeviceRevocations, now=clock).remembered(device["user"], device["password"])
    assert isinstance(user, SignedIn) and user.user == "jane"
    assert device["proxies"] == ["http://proxy.example:8080"] and device["expires_at"] == "2027-02-14T08:00:14Z"
    assert "opaque" not in given.text and device["pac_url"].startswith(f"{listener.url}/device/pac/")
    clock.now += 7
    assert ask_for(program, said["device_code"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": GRANT_TYPE}, "invalid_request"),
        ({"grant_type": "password", "device_code": "x"}, "unsupported_grant_type"),
        ({"grant_type": GRANT_TYPE, "device_code": "x"}, "expired_token"),
    ],
)
def test_a_program_that_asks_for_something_else(program: httpx.Client, form: dict[str, str], error: str) -> None:
    answer = program.post("/device/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_failures_are_told_without_what_they_quote(
    program: httpx.Client, company: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    handle = program.post("/device/authorization").json()["device_code"]
    company.devices["device-0"], company.claims = "approved", {"aud": "another"}
    clock.now += 2
    refused = ask_for(program, handle)
    assert (refused.status_code, refused.json()["error"]) == (400, "access_denied")
    assert "claim aud" in caplog.text
    company.down = True
    away = program.post("/device/authorization")
    assert (away.status_code, away.json()["error"], away.headers["retry-after"]) == (
        503,
        "temporarily_unavailable",
        "60",
    )
    assert "jane" not in caplog.text and "device-" not in caplog.text


def test_a_browser_signs_in(browser: httpx.Client, company: StandIn, clock: Clock) -> None:
    page = browser.get("/device")
    assert page.status_code == 200 and "login.example.com" in page.text and "<form" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    begun = browser.post("/device")
    assert (begun.status_code, begun.headers["location"]) == (303, "/device/wait")
    assert "HttpOnly; SameSite=Strict" in begun.headers["set-cookie"]
    waiting = browser.get("/device/wait")
    assert "BCDF-GHJK" in waiting.text and '<meta http-equiv="refresh" content="2;url=/device/wait">' in waiting.text
    assert browser.cookies["promptguard_device"] not in waiting.text
    for _ in range(5):  # it reloads as it is told, and is not slowed down for that
        asked = len(company.asked)
        clock.now += 1
        assert 'content="1;url=' in browser.get("/device/wait").text and len(company.asked) == asked
        clock.now += 1
        assert 'content="2;url=' in browser.get("/device/wait").text and len(company.asked) > asked
    company.devices["device-0"] = "approved"
    clock.now += 2
    done = browser.get("/device/wait")
    found = re.findall(r"<dd><code>(.*?)</code>", done.text)
    user = DeviceUsers(KEY, DeviceRevocations, now=clock).remembered(found[0], found[1])
    assert isinstance(user, SignedIn) and user.user == "jane"
    assert "refresh" not in done.text and done.headers["cache-control"] == "no-store"
    assert "promptguard_device" not in browser.cookies
    assert browser.get("/device/wait").status_code == 400


def test_pages_are_in_the_language_of_the_browser(browser: httpx.Client, company: StandIn) -> None:
    browser.headers["accept-language"] = "de-AT,de;q=0.9,en;q=0.5"
    page = browser.get("/device").text
    assert '<html lang="de"' in page and "Dieses Gerät anmelden" in page
    assert "Mit diesem Code anmelden" in browser.get(browser.post("/device").headers["location"]).text
    company.down = True
    assert "Neu beginnen" in browser.post("/device").text


def test_a_browser_is_told_what_went_wrong(browser: httpx.Client, company: StandIn, clock: Clock) -> None:
    browser.post("/device")
    company.down = True
    clock.now += 2
    assert "BCDF-GHJK" in browser.get("/device/wait").text, "which may be over in a while"
    company.down = False
    company.devices["device-0"] = "access_denied"
    clock.now += 2
    refused = browser.get("/device/wait")
    assert refused.status_code == 400 and "it was refused" in refused.text
    company.down = True
    assert browser.post("/device").status_code == 503


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "", "127.0.0.1:x"])
def test_it_answers_to_its_own_name_alone(program: httpx.Client, company: StandIn, host: str) -> None:
    for method, path in (("GET", "/device"), ("POST", "/device"), ("POST", "/device/authorization")):
        assert program.request(method, path, headers={"host": host}).status_code == 421
    assert company.devices == {}


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),  # a form of a page that tells no referrer
        ({"sec-fetch-site": "none"}, 303),
        ({"origin": "own"}, 303),
    ],
)
def test_no_page_of_another_site_begins_one(
    program: httpx.Client, company: StandIn, listener: Listener, fields: dict[str, str], answered: int
) -> None:
    fields = {name: listener.url if value == "own" else value for name, value in fields.items()}
    assert program.post("/device", headers=fields).status_code == answered
    begun = program.post("/device/authorization", headers=fields).status_code
    assert begun == (200 if answered == 303 else 403)
    assert len(company.devices) == (2 if answered == 303 else 0)


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/device/token"), ("PUT", "/device")])
def test_there_is_nothing_else(program: httpx.Client, method: str, path: str) -> None:
    assert program.request(method, path).status_code == 404


def test_a_pac_file_is_signed_while_its_device_holds(
    program: httpx.Client, company: StandIn, clock: Clock, listener: Listener
) -> None:
    company.at_once = True
    handle = program.post("/device/authorization").json()["device_code"]
    clock.now += 2
    device = ask_for(program, handle).json()
    pac, signature = program.get(device["pac_url"]), program.get(device["pac_url"] + ".sig")
    assert pac.headers["content-type"] == "application/x-ns-proxy-autoconfig"
    assert pac.text.startswith(f"// For the device {device['user']}, until 2027-02-14T08:00:02Z.")
    assert is_signed(pac.content, signature.content, device["pac_key"])
    listener.revoked = DeviceRevocations(frozenset({device["user"]}))
    for url in (device["pac_url"], f"{listener.url}/device/pac/AAAA/proxy.pac"):
        closed = program.get(url)
        assert closed.status_code == 200 and 'var proxies = "PROXY proxy.example:8080";' in closed.text
        assert closed.text.startswith("// It is no device's")
        assert program.get(f"{url}.sig").status_code == 410
    assert program.get("/device/pac/x/other").status_code == 404


def test_it_speaks_tls(
    make_sign_ins: Callable[[], SignIns],
    clock: Clock,
    in_force: InForce,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority = CertificateAuthority()
    files = {"certificate": tmp_path / "proxy.pem", "key": tmp_path / "proxy.key"}
    for file, content in zip(files.values(), authority.issue(["127.0.0.1"]), strict=True):
        file.write_bytes(content)
    made = Listener(make_sign_ins(), clock, in_force, {name: str(file) for name, file in files.items()})
    made.server.start()
    trusted = ssl.create_default_context(cadata=authority.certificate.decode())
    with httpx.Client(base_url=made.url, verify=trusted, trust_env=False) as client:
        assert client.post("/device").headers["set-cookie"].startswith("__Host-promptguard_device=")
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{made.url.replace('https', 'http')}/device", trust_env=False)
    monkeypatch.setattr(small_server, "MAX_SECONDS", 0.0)
    with socket.create_connection(("127.0.0.1", made.server.port)) as mute:
        mute.settimeout(30)
        assert mute.recv(1) == b"", "who shakes no hands is cut off"
    made.server.stop()
    files["key"].write_text("no key")
    with pytest.raises(PromptGuardError, match="tls: certificate and key"):
        Listener(make_sign_ins(), clock, in_force, {name: str(file) for name, file in files.items()})
