"""A stand-in OpenID Connect provider that can be told to lie, as a transport of httpx."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from promptguard.configuration.openid_settings import LocalAccounts, OpenIDConnect

ISSUER = "https://login.example.com/acme"
CLIENT = "promptguard"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
SECRET = "not" + "-a-secret%"


def settings(**changed: Any) -> OpenIDConnect:
    """What a company writes for it."""
    said: dict[str, Any] = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "roles": {"sec-analysts": "analyst", "sec-admins": ["administrator", "auditor"]},
        "local_accounts": LocalAccounts.ALWAYS,
    }
    return OpenIDConnect.model_validate({**said, **changed})


@functools.cache
def _first_key() -> RSAKey:
    """Made once for all: it takes half a second."""
    return RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)


class StandIn(httpx.BaseTransport):
    """Signs anybody in, at once."""

    def __init__(self, now: Callable[[], float], issuer: str = ISSUER) -> None:
        self.now = now
        self.issuer = issuer
        self.key: Any = _first_key()
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.person: dict[str, Any] = {
            "sub": "248289761001",
            "preferred_username": "jane",
            "groups": ["sec-analysts", "all"],
        }
        self.claims: dict[str, Any] = {}
        """Changed in ID tokens; None leaves one out."""
        self.header: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.forge: Callable[[str], str] = lambda token: token
        self.down = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.devices: dict[str, str] = {}
        """Sign-ins on other devices, by device code: what has come of each, in the words of RFC 8628, or `approved`."""
        self.at_once = False
        """Whether somebody has signed in on another device before it asks."""
        self.device_answer: dict[str, Any] = {}
        """Changed in the answer to the beginning of one; None leaves a member out."""
        self._numbers = count()

    def rotate(self, kid: str = "two") -> None:
        """Sign with another key, and publish it alone."""
        self.key = ECKey.generate_key("P-256", {"kid": kid}, auto_kid=False)
        self.published = [self.key.as_dict(private=False)]

    def logout_token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A logout token of this provider; None leaves a claim out."""
        now = int(self.now())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": f"out-{next(self._numbers)}"}
        said |= {"sub": self.person["sub"], "events": {LOGOUT: {}}, **claims}
        return self._signed({"typ": "logout+jwt", **(header or {})}, said)

    def _signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        algorithm = "RS256" if self.key.key_type == "RSA" else "ES256"
        header = {"alg": algorithm, "kid": self.key.kid, **header}
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, said, self.key, algorithms=[header["alg"]])

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser comes back with, that was sent to this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/acme")
        self.asked.append(path)
        if self.down:
            raise httpx.ConnectError("no")
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._described())
        if path == "/keys":
            return httpx.Response(200, json={"keys": self.published})
        if path == "/userinfo":
            return httpx.Response(200, json=self.userinfo or {"sub": self.person["sub"]})
        if path == "/device":
            return self._begin(request)
        assert path == "/token"
        return self._exchange(request)

    def _described(self) -> dict[str, Any]:
        places = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
            "userinfo_endpoint": "/userinfo",
            "end_session_endpoint": "/logout",
            "device_authorization_endpoint": "/device",
        }
        described: dict[str, Any] = {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in places.items()},
        }
        described |= {"authorization_response_iss_parameter_supported": True, **self.metadata}
        return {name: value for name, value in described.items() if value is not None}

    def _begin(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assert form == {"client_id": CLIENT, "scope": "openid profile"}
        code = f"device-{len(self.devices)}"
        self.devices[code] = "approved" if self.at_once else "authorization_pending"
        where, interval = f"{self.issuer}/activate", 1 if self.at_once else 2
        answer = {"device_code": code, "user_code": "BCDF-GHJK", "expires_in": 600, "interval": interval}
        answer |= {"verification_uri": where, "verification_uri_complete": f"{where}?c=BCDF-GHJK"}
        answer |= self.device_answer
        return httpx.Response(200, json={name: value for name, value in answer.items() if value is not None})

    def _finish(self, code: str) -> httpx.Response:
        state = self.devices.get(code, "invalid_grant")
        if state != "approved":
            return httpx.Response(400, json={"error": state})
        self.devices[code] = "invalid_grant"
        now = int(self.now())
        return self._granted({"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person})

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if "device_code" in form:
            assert form["client_id"] == CLIENT and form["grant_type"].endswith(":device_code")
            return self._finish(form["device_code"])
        asked = self._codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or proof != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": form["code"]})
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        return self._granted(claims)

    def _granted(self, claims: dict[str, Any]) -> httpx.Response:
        token = self._signed(self.header, {**claims, **self.claims})
        return httpx.Response(
            200, json={"access_token": "opaque", "token_type": "Bearer", "id_token": self.forge(token)}
        )


def unsigned(token: str) -> str:
    """The same token with `alg: none`."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return ".".join((header, token.split(".")[1], ""))


@contextmanager
def served(stand_in: StandIn) -> Iterator[None]:
    """Have a provider whose name is an address of this machine answer there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            answer = stand_in.handle_request(httpx.Request(self.command, stand_in.issuer + self.path, content=content))
            self.send_response(answer.status_code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    parts = urlsplit(stand_in.issuer)
    with ThreadingHTTPServer((parts.hostname or "", parts.port or 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
