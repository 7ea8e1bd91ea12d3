"""The console as a process, as `promptguard run` starts it."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.console.conftest import PASSWORD, ROOT
from tests.samples.reviewing import REVIEWING, two_machines

from promptguard.console.administration import ledger_problem, make_link
from promptguard.demo.certificates import CertificateAuthority
from promptguard.errors import PromptGuardError
from promptguard.review.roles import Role
from promptguard.workers.process import command_of

CONFIG = ROOT / "config"


def command(data: Path, *more: str, config: Path = CONFIG) -> list[str]:
    return [*command_of("promptguard.console"), "--config", str(config), "--data", str(data), *more]


@contextmanager
def running(data: Path, *more: str, config: Path = CONFIG) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A console on a free port, and the address that it has printed."""
    listen = ("--listen", "127.0.0.1:0", "--until-closed")
    process = subprocess.Popen(
        command(data, *listen, *more, config=config), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"https?://\S+", line)
        assert found, line
        yield process, found[0]
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()


def with_console(config: Path, certificate: Path, key: Path) -> Path:
    """The shipped configuration with a console that has a certificate."""
    return with_settings(config, f"console: {{certificate: {certificate}, key: {key}}}\n")


def with_settings(config: Path, settings: str) -> Path:
    """The shipped configuration with other settings."""
    config.mkdir()
    for each in CONFIG.iterdir():
        if each.name != "promptguard.yaml":
            (config / each.name).symlink_to(each)
    (config / "promptguard.yaml").write_text(settings, "utf-8")
    return config


def until(seen) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def set_up(client: httpx.Client, link: str) -> None:
    origin = str(httpx.URL(link).copy_with(path="/", query=None)).rstrip("/")
    secret = link.split("link=")[1]
    form = {"link": secret, "name": "Ann", "password": PASSWORD, "again": PASSWORD, "role": list(Role)}
    answer = client.post(f"{origin}/set-up", data=form, headers={"origin": origin})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_it_shows_what_is_recorded_and_ends_with_who_started_it(installation, make_event) -> None:
    with running(installation.folder) as (process, link), httpx.Client() as client:
        assert "/set-up?link=" in link
        set_up(client, link)
        origin = link.split("/set-up")[0]
        (event,) = installation.record(make_event(found=["EMAIL_ADDRESS"]))
        until(lambda: event.id in client.get(f"{origin}/decisions").text)
        assert "OpenAI API" not in client.get(f"{origin}/healthz").text
        process.stdin.close()
        assert process.wait(20) == 0
    with running(installation.folder) as (_, address):
        assert "link" not in address  # there is an account
    assert ledger_problem(CONFIG, installation.folder) == ("", 0)


def test_in_a_container_it_is_reached_by_the_published_port_alone(installation) -> None:
    published = "127.0.0.1:9081"
    with running(installation.folder, "--published", published) as (_, link):
        assert link.startswith(f"http://{published}/set-up?link=")
        assert make_link(CONFIG, installation.folder, None).startswith(f"http://{published}/set-up?link=")
        _, inside = (installation.folder / "console.url").read_text("utf-8").split()
        answers = [httpx.get(f"http://{inside}/sign-in", headers={"host": host}) for host in (published, "guard:9081")]
        assert [answer.status_code for answer in answers] == [200, 421]


def test_over_tls_the_cookie_is_for_tls_alone(installation, tmp_path: Path) -> None:
    certificates = CertificateAuthority().write(tmp_path / "certificates", ["127.0.0.1"])
    config = with_console(tmp_path / "config", certificates.chain, certificates.key)
    trusted = certificates.client_context()
    with running(installation.folder, config=config) as (_, link), httpx.Client(verify=trusted) as client:
        assert link.startswith("https://127.0.0.1:")
        set_up(client, link)
        answer = client.get(link.split("/set-up")[0] + "/")
        assert answer.headers["strict-transport-security"]
        assert next(iter(client.cookies.jar)).secure


@pytest.mark.parametrize(
    ("listen", "told"),
    [
        ("0.0.0.0:0", "nothing there is encrypted"),
        ("192.0.2.1:0", "nothing there is encrypted"),
        ("127.0.0.1:{taken}", "Address already in use"),
    ],
)
def test_where_it_cannot_listen_is_told(listen: str, told: str, installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = listen.format(taken=taken.getsockname()[1])
        ended = subprocess.run(
            command(installation.folder, "--listen", listen), input="", capture_output=True, text=True, check=False
        )
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_certificates_that_cannot_be_used_are_told(installation, tmp_path: Path) -> None:
    files = CertificateAuthority().write(tmp_path / "certificates", ["127.0.0.1"])
    for certificate, key in ((files.key, files.chain), (files.authority, files.key)):
        config = with_console(tmp_path / f"config-{certificate.stem}", certificate, key)
        ended = subprocess.run(
            command(installation.folder, "--listen", "127.0.0.1:0", config=config),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 2
        assert "not a pair" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_links_are_made_on_the_command_line(installation) -> None:
    link = make_link(CONFIG, installation.folder, None)
    assert link.startswith("http://127.0.0.1:8081/set-up?link=")
    with pytest.raises(PromptGuardError, match="There is no account “Ann”"):
        make_link(CONFIG, installation.folder, "Ann")
    with running(installation.folder) as (_, first), httpx.Client() as client:
        set_up(client, first)
        assert make_link(CONFIG, installation.folder, "ann").startswith(first.split("/set-up")[0])  # where it runs
    assert "link=" in make_link(CONFIG, installation.folder, "ann")
    with pytest.raises(PromptGuardError, match="There are accounts already: Ann"):
        make_link(CONFIG, installation.folder, None)


def test_two_consoles_on_one_server_share_accounts_decisions_and_ledger(
    postgresql_server, make_event, tmp_path: Path
) -> None:
    config = with_settings(tmp_path / "config", f"database: {postgresql_server.url(REVIEWING)}\n")
    with (
        two_machines(tmp_path, postgresql_server) as (first, second),
        running(first.folder, config=config) as (_, link),
        running(second.folder, config=config) as (_, other),
        httpx.Client() as client,
    ):
        there = other.split("/set-up")[0]
        set_up(client, other)  # the link that was made last holds
        events = [each.record(make_event())[0] for each in (first, second)]
        # Cookies are not kept apart by port.
        here = link.split("/set-up")[0]
        until(lambda: all(event.id in client.get(f"{here}/decisions").text for event in events))
        assert make_link(config, second.folder, "ann").startswith(there)
        assert ledger_problem(config, first.folder) == ledger_problem(config, second.folder) == ("", 0)
        assert not (first.folder / "review.db").exists()


def test_an_address_that_a_killed_console_left_is_not_taken(installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    (installation.folder / "console.url").write_text(f"http://127.0.0.1:{port}", "utf-8")
    assert make_link(CONFIG, installation.folder, None).startswith("http://127.0.0.1:8081/")
