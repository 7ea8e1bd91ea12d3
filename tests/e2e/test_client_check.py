"""The script that says whether a laptop is routed, against the real proxy: real runtimes, each set right and wrong."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from support.watch import Watch

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.checking import check_script
from promptguard.rollout.kit.scripts import machine_script

pytestmark = pytest.mark.skipif(os.name != "posix" or shutil.which("curl") is None, reason="needs a shell and curl")

TOOLS = ("sh", "cat", "mktemp", "rm", "printf", "grep", "tr", "sort", "tail", "head", "curl")


class Laptop:
    """A folder that stands for a machine, on which the kit was applied, and the person's environment."""

    def __init__(self, folder: Path, proxy: PromptGuardProcess) -> None:
        self.root = folder / "root"
        (self.root / "etc/ssl/certs").mkdir(parents=True)
        authority = proxy.authority.read_bytes()
        self.bundle = self.root / "etc/ssl/certs/ca-certificates.crt"
        self.bundle.write_bytes(authority)
        self.rollout = Rollout(x509.load_pem_x509_certificate(authority), f"127.0.0.1:{proxy.port}")
        machine = machine_script(self.rollout, "linux")
        subprocess.run(["sh", "-s"], input=machine, env={**os.environ, "ROOT": str(self.root)}, check=True)
        tools = folder / "bin"
        tools.mkdir()
        for name in TOOLS:
            if found := shutil.which(name):
                (tools / name).symlink_to(found)
        (tools / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        # Directly, the service is looked for on this machine, where nobody listens.
        (folder / ".curlrc").write_text('resolve = "api.openai.com:443:127.0.0.1"\n')
        self.environment = {
            "PATH": str(tools),
            "ROOT": str(self.root),
            "HOME": str(folder),
            "HTTPS_PROXY": self.rollout.url,
            "CURL_CA_BUNDLE": str(self.bundle),
            "SSL_CERT_FILE": str(self.bundle),
        }

    def without(self, tool: str) -> None:
        """Have a runtime not installed."""
        (Path(self.environment["PATH"]) / tool).unlink()

    def check(self, **changed: str) -> tuple[int, dict[str, str]]:
        """The exit status, and what is said of each subject."""
        done = subprocess.run(
            ["sh", "-s"],
            input=check_script(self.rollout, "linux"),
            env={**self.environment, **changed},
            capture_output=True,
            check=False,
        )
        assert done.stderr == b""
        rows = [line for line in done.stdout.decode().splitlines() if line]
        return done.returncode, {row[5:19].strip(): f"{row[:3]} {row[20:]}" for row in rows}


@pytest.fixture
def laptop(tmp_path: Path, quick_proxy: PromptGuardProcess) -> Laptop:
    return Laptop(tmp_path, quick_proxy)


def test_a_laptop_that_is_as_it_should_be(laptop: Laptop, watch: Watch) -> None:
    status, said = laptop.check()
    assert status == 0, said
    assert set(said) == {"proxy", "past the proxy", "variables", "system store", "curl", "Python"}
    assert said["curl"] == said["Python"] == "ok  is routed, and trusts the CA"
    assert {request.path for request in watch.to("api.openai.com")} == {"/"}


@pytest.mark.parametrize(
    ("changed", "subject", "why"),
    [
        ({"HTTPS_PROXY": ""}, "variables", "is not set"),
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, "variables", "names another proxy"),
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, "Python", "does not reach"),
        ({"NO_PROXY": "localhost,.openai.com"}, "variables", "take .openai.com out"),
        ({"NO_PROXY": "*"}, "variables", "take * out"),
        ({"CURL_CA_BUNDLE": "/dev/null"}, "curl", "does not trust the CA: CURL_CA_BUNDLE"),
        ({"SSL_CERT_FILE": "/dev/null"}, "Python", "does not trust the CA: SSL_CERT_FILE"),
    ],
)
def test_what_is_wrong_is_said(laptop: Laptop, changed: dict[str, str], subject: str, why: str) -> None:
    if subject == "variables":  # with these a program that is not held to this machine would look for the service
        laptop.without("python3")
    status, said = laptop.check(**changed)
    assert status == 1
    assert said[subject].startswith("BAD") and why in said[subject]


def test_a_system_without_the_ca_and_a_browser_without_policies(laptop: Laptop, tmp_path: Path) -> None:
    policies = laptop.root / "etc/chromium/policies/managed/promptguard.json"
    (tmp_path / "bin" / "chromium").symlink_to("/bin/true")
    assert laptop.check()[1]["Chromium"].startswith("ok")
    policies.write_text("{}")
    laptop.bundle.rename(laptop.root / "elsewhere.pem")
    elsewhere = str(laptop.root / "elsewhere.pem")
    status, said = laptop.check(CURL_CA_BUNDLE=elsewhere, SSL_CERT_FILE=elsewhere)
    assert status == 1 and said["curl"].startswith("ok")
    assert "Go, .NET and others fail" in said["system store"]
    assert "no policy against QUIC" in said["Chromium"]


def test_credentials_stand_in_the_variable(laptop: Laptop) -> None:
    named = laptop.rollout.url.replace("://", "://anna:p%40ss@")
    status, said = laptop.check(HTTPS_PROXY=named)
    assert status == 0, said
    assert said["curl"] == said["Python"] == "ok  is routed, and trusts the CA"
    assert "p%40ss" not in str(said)


@pytest.mark.parametrize(
    ("answer", "credentials", "why"),
    [
        (407, "", "asks who this is"),
        (407, "anna:p%40ss@", "does not take the user and password"),
        (429, "anna:p%40ss@", "wait"),
        (503, "anna:p%40ss@", "directory"),
        (403, "", "turns this laptop away (status 403)"),
    ],
)
def test_a_proxy_that_turns_the_laptop_away(laptop: Laptop, answer: int, credentials: str, why: str) -> None:
    laptop.without("python3")
    seen = []

    class Refusing(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            seen.append(self.headers["proxy-authorization"])
            self.send_response(answer)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        laptop.rollout = Rollout(laptop.rollout.certificate, address)
        status, said = laptop.check(HTTPS_PROXY=f"http://{credentials}{address}")
        server.shutdown()
    assert status == 1 and why in said["proxy"] and "p%40ss" not in str(said)
    assert said["variables"].startswith("ok")
    assert seen[0] == ("Basic " + base64.b64encode(b"anna:p@ss").decode() if credentials else None)


def test_a_proxy_that_is_away_or_of_another_installation(laptop: Laptop, provider: Provider) -> None:
    laptop.without("python3")
    other = x509.load_pem_x509_certificate(provider.certificates.authority.read_bytes())
    laptop.rollout = Rollout(other, laptop.rollout.proxy)
    assert "with another CA" in laptop.check()[1]["proxy"]
    laptop.rollout = Rollout(other, "127.0.0.1:9", pac="http://127.0.0.1:9/proxy.pac")
    said = laptop.check()[1]
    assert "is not reached" in said["proxy"] and "is not served" in said["PAC file"]
