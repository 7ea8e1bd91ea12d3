"""One request, several names: none of them leads around the rules of another, or to where nothing is to be relayed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from harness.attack import Attack
from harness.client import Answered
from harness.planted import mail
from harness.requests import CHAT_PATH, chat, request
from harness.upstream import Upstream

from promptguard.demo.proxy_process import PromptGuardProcess

APPROVED = "api.openai.com"
UNREVIEWED = "chatgpt.com"
OLLAMA = "ollama.com"


@dataclass(frozen=True)
class Named:
    """What a request is called in each place."""

    connect: str = APPROVED
    hello: str | None = None
    host: str = APPROVED
    target: str = CHAT_PATH
    more: tuple[tuple[str, str], ...] = ()
    unnamed: bool = False

    def send(self, attack: Attack, text: str) -> Answered:
        """A chat under these names."""
        payload = request(chat(text), host=self.host, path=self.target, headers=dict(self.more))
        target = self.connect if self.connect.rpartition(":")[2].isdigit() else f"{self.connect}:443"
        return attack.client.exchange(payload, target=target, name=self.hello, unnamed=self.unnamed)


BLOCKED_EVERYWHERE = {
    "as it should be": Named(),
    "capitals": Named("API.OpenAI.com", None, "API.OPENAI.COM"),
    "trailing dot in CONNECT": Named("api.openai.com.", APPROVED),
    "trailing dot in the hello": Named(hello="api.openai.com."),
    "trailing dot in Host": Named(host="api.openai.com."),
    "port in Host": Named(host="api.openai.com:443"),
    "another port": Named("api.openai.com:8443", None, "api.openai.com:8443"),
    "port of http": Named("api.openai.com:80"),
    "no Host": Named(host=""),
    "space in Host": Named(host=" api.openai.com "),
    "Host with a user": Named(host="user@api.openai.com"),
    "Host with a path": Named(host="api.openai.com/x"),
    "Host with a comma": Named(host="api.openai.com, example.com"),
    "Host elsewhere": Named(host="example.com"),
    "Host of loopback": Named(host="localhost"),
    "Host of an address": Named(host="192.0.2.7"),
    "two Hosts": Named(more=(("Host", "example.com"),)),
    "forwarded host": Named(more=(("x-forwarded-host", "example.com"),)),
    "hello elsewhere": Named(hello="example.com"),
    "no hello": Named(unnamed=True),
    "CONNECT elsewhere": Named("example.com", APPROVED),
    "CONNECT an address": Named("192.0.2.7", APPROVED),
    "CONNECT an address of version 6": Named("[2001:db8::7]", APPROVED),
    "CONNECT a mapped address": Named("[::ffff:192.0.2.7]", APPROVED),
    "absolute target": Named(target=f"https://api.openai.com{CHAT_PATH}"),
    "absolute target elsewhere": Named(target=f"https://example.com{CHAT_PATH}"),
    "absolute target of loopback": Named(target=f"https://localhost{CHAT_PATH}"),
    "absolute target of http": Named(target=f"http://api.openai.com{CHAT_PATH}"),
    "absolute target with a user": Named(target=f"https://a:b@api.openai.com{CHAT_PATH}"),
    "authority as a target": Named(target="api.openai.com:443"),
    "target without a slash": Named(target="v1/chat/completions"),
    "target of a star": Named(target="*"),
    "European host": Named("eu.api.openai.com", None, "eu.api.openai.com"),
    "host of a wildcard": Named("a-b.openai.azure.com", None, "a-b.openai.azure.com"),
    "host of a wildcard, deep": Named("a.b.openai.azure.com", None, "a.b.openai.azure.com"),
}
"""A credential is blocked by whichever name of the service it is sent to."""


@pytest.mark.parametrize("name", BLOCKED_EVERYWHERE)
def test_credential(name: str, attack: Attack) -> None:
    BLOCKED_EVERYWHERE[name].send(attack, f"aws_access_key_id = {attack.plant('key')}")
    attack.nothing_arrived()


STRICTER = {
    "Host": Named(host=UNREVIEWED),
    "Host with a dot": Named(host=f"{UNREVIEWED}."),
    "Host in capitals": Named(host=UNREVIEWED.upper()),
    "Host with a port": Named(host=f"{UNREVIEWED}:443"),
    "hello": Named(hello=UNREVIEWED),
    "CONNECT": Named(UNREVIEWED, APPROVED),
    "absolute target": Named(target=f"https://{UNREVIEWED}{CHAT_PATH}"),
    "absolute target with a port": Named(target=f"https://{UNREVIEWED}:443{CHAT_PATH}"),
    "absolute target in capitals": Named(target=f"HTTPS://{UNREVIEWED.upper()}{CHAT_PATH}"),
    "two Hosts": Named(more=(("Host", UNREVIEWED),)),
    "all but Host": Named(UNREVIEWED, UNREVIEWED, APPROVED),
    "all but CONNECT": Named(APPROVED, UNREVIEWED, UNREVIEWED),
    "all but the hello": Named(UNREVIEWED, APPROVED, UNREVIEWED),
}
"""An address may go to the approved service replaced, and to the unreviewed one not at all."""


@pytest.mark.parametrize("name", STRICTER)
def test_strictest_of_all_names(name: str, attack: Attack) -> None:
    STRICTER[name].send(attack, f"write to {attack.plant('mail')}")
    attack.nothing_arrived()
    assert not attack.upstream.requests, "an unreviewed service was asked as an approved one"


PLAIN: dict[str, Callable[[str], bytes]] = {
    "http": lambda v: request(chat(v), path=f"http://{APPROVED}{CHAT_PATH}"),
    "https": lambda v: request(chat(v), path=f"https://{APPROVED}{CHAT_PATH}"),
    "http, a port": lambda v: request(chat(v), path=f"http://{APPROVED}:8080{CHAT_PATH}"),
    "http, Host elsewhere": lambda v: request(chat(v), path=f"http://{APPROVED}{CHAT_PATH}", host="example.com"),
    "http elsewhere, Host": lambda v: request(chat(v), path=f"http://example.com{CHAT_PATH}"),
    "no scheme": lambda v: request(chat(v)),
    "ftp": lambda v: request(chat(v), path=f"ftp://{APPROVED}{CHAT_PATH}"),
    "capitals": lambda v: request(chat(v), path=f"HTTP://API.OPENAI.COM{CHAT_PATH}"),
    "a user": lambda v: request(chat(v), path=f"http://a:b@{APPROVED}{CHAT_PATH}"),
    "a backslash": lambda v: request(chat(v), path=f"http://{APPROVED}\\@example.com{CHAT_PATH}"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_without_a_tunnel(name: str, attack: Attack) -> None:
    attack.client.direct(PLAIN[name](f"aws_access_key_id = {attack.plant('key')}"))
    attack.nothing_arrived()


def test_plain_http_in_a_tunnel(attack: Attack) -> None:
    with attack.client.plain() as connection:
        connection.sendall(f"CONNECT {APPROVED}:80 HTTP/1.1\r\nhost: {APPROVED}\r\n\r\n".encode())
        connection.recv(4096)
        connection.sendall(request(chat(f"aws_access_key_id = {attack.plant('key')}")))
        connection.settimeout(3)
        connection.recv(4096)
    attack.nothing_arrived()


# --- Where nothing is relayed -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_proxy(start_proxy: Callable[..., PromptGuardProcess]) -> PromptGuardProcess:
    """A proxy that connects to where names lead."""
    return start_proxy(everything=False)


OWN = (
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "a.localhost",
    "ip6-localhost",
    "127.0.0.1.",
    "１２７.0.0.1",
    "169.254.169.254",
    "[fe80::1]",
)


def addresses() -> list[str]:
    """This machine's own, beside loopback."""
    found = {str(entry[4][0]) for entry in _resolved(socket.gethostname())}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(address for address in found if not address.startswith("127.") and ":" not in address)


def _resolved(name: str) -> list[tuple[object, object, object, object, tuple[str, int]]]:
    try:
        return socket.getaddrinfo(name, 443)  # type: ignore[return-value]
    except OSError:
        return []


def heard_by_a_listener(proxy: PromptGuardProcess, target: str, first: bytes, then: bytes = b"") -> bytes:
    """What a server on all addresses of this machine hears when the proxy is asked for `target`."""
    server = socket.create_server(("0.0.0.0", 0))
    port = server.getsockname()[1]
    server.settimeout(0.5)
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as client:
        client.sendall(first.replace(b"PORT", str(port).encode()))
        client.settimeout(0.4)
        try:
            client.recv(4096)
            client.sendall(then)
        except OSError:
            pass
        try:
            connection, _ = server.accept()
        except TimeoutError:
            return b""
        finally:
            server.close()
        with connection:
            connection.settimeout(0.5)
            try:
                return connection.recv(4096) or b"connected"
            except TimeoutError:
                return b"connected"


@pytest.mark.parametrize("address", [*OWN, *addresses()])
def test_tunnel_to_the_proxys_own_machine(address: str, open_proxy: PromptGuardProcess) -> None:
    first = f"CONNECT {address}:PORT HTTP/1.1\r\nhost: {address}\r\n\r\n".encode()
    assert heard_by_a_listener(open_proxy, address, first, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n") == b""


@pytest.mark.parametrize("address", [*OWN[:6], *OWN[8:9], *OWN[10:11], "localhost", "localhost.", *addresses()])
def test_request_to_the_proxys_own_machine(address: str, open_proxy: PromptGuardProcess) -> None:
    first = f"GET http://{address}:PORT/ HTTP/1.1\r\nhost: {address}:PORT\r\n\r\n".encode()
    assert heard_by_a_listener(open_proxy, address, first) == b""


def test_host_of_the_proxys_own_machine(open_proxy: PromptGuardProcess) -> None:
    first = b"GET http://example.invalid/ HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\n\r\n"
    assert heard_by_a_listener(open_proxy, "127.0.0.1", first) == b""


# --- What is no AI service --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["example.com", "openai.com", "notapi.openai.com.example", "api-openai.com", "xn--pi-7cd.openai.com"]
)
def test_other_hosts_pass_undecrypted(host: str, attack: Attack, upstream: Upstream) -> None:
    """The service's own certificate reaches the client: nothing in between has read a byte."""
    client = type(attack.client)(attack.proxy.port, upstream.authority)
    value = f"write to {mail()}"
    answered = client.exchange(request(chat(value), host=host), host=host)
    assert answered.status == 200
    assert value.encode() in upstream.everything()
