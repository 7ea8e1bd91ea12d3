"""A mail server and an HTTP server in the tests' own process, and a certificate for both."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from promptguard.demo.certificates import CertificateAuthority


@dataclass
class Mails:
    """A mail server that keeps what it takes."""

    port: int = 0
    taken: list[Any] = field(default_factory=list)
    greeted_by: str = ""
    refuse: str = ""
    """What it answers to a mail; empty to take it."""

    async def handle_DATA(self, server: object, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        self.taken.append(envelope)
        self.greeted_by = str(session.host_name)
        return "250 taken"

    def authenticate(self, server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"pg", b"the password")
        return AuthResult(success=right, handled=False)


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def tls_files(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server on 127.0.0.1 speaks TLS with, and the file of the authority that its clients trust."""
    files = CertificateAuthority().write(folder, ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.chain, files.key)
    return context, files.authority


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, *, from_start: bool = False, sign_in: bool = False
) -> Iterator[Mails]:
    mails = Mails()
    more: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
    if from_start:
        more = {"ssl_context": tls}
    if sign_in:
        more |= {"authenticator": mails.authenticate, "auth_required": True, "auth_require_tls": not from_start}
    controller = _OnAnyPort(mails, hostname="127.0.0.1", port=0, **more)
    controller.start()
    mails.port = controller.port
    try:
        yield mails
    finally:
        controller.stop()


@dataclass
class Posts:
    """An HTTP server that keeps what it is sent."""

    url: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def http_server() -> Iterator[Posts]:
    posts = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            posts.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(posts.status)
            for name, value in posts.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    posts.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    try:
        yield posts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
