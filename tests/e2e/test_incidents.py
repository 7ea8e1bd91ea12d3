"""Two consoles of one installation as processes: a page goes out once, and a restart changes nothing of that."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from tests.review.incidents.senders.servers import http_server
from tests.samples.reviewing import installation as new_installation

from promptguard.configuration.bundle import load_bundle
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.ledger import Ledger
from promptguard.workers.process import command_of

CONFIG = Path(__file__).parents[2] / "config"


@contextmanager
def console(config: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    """A running console; killed at the end."""
    folders = ("--config", str(config), "--data", str(data))
    command = [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout and re.search(r"http://\S+", process.stdout.readline())
        yield process
    finally:
        process.kill()
        process.communicate()


def until(seen) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    for each in CONFIG.iterdir():
        if each.name != "incidents.yaml":
            (folder / each.name).symlink_to(each)
    return folder


def test_two_consoles_page_once_and_a_killed_one_changes_nothing(config: Path, tmp_path: Path) -> None:
    with http_server() as posts, new_installation(tmp_path / "data") as made, ExitStack() as running:
        (tmp_path / "secret").write_text("a secret of this test")
        channel = f"\nchannels: {{hook: {{kind: webhook, url: '{posts.url}', secret_file: {tmp_path / 'secret'}}}}}\n"
        (config / "incidents.yaml").write_text((CONFIG / "incidents.yaml").read_text("utf-8") + channel, "utf-8")
        file = load_bundle(config).incidents
        ledger = Ledger(made.database, made.keys)
        twelve_minutes_ago = IncidentBook(made.database, file, ledger, lambda: time.time() - 12 * 60)
        book = IncidentBook(made.database, file, ledger)
        first = twelve_minutes_ago.open("data_exposed", [], None, "", True)
        for _ in range(2):
            running.enter_context(console(config, made.folder))
        until(lambda: [bool(page.sent) for page in book.shelf.pages(first)] == [True, True])
        running.close()  # killed
        second = book.open("phishing", [], None, "", True)
        with closing(ExitStack()) as again:
            for _ in range(2):
                again.enter_context(console(config, made.folder))
            until(lambda: [bool(page.sent) for page in book.shelf.pages(second)] == [True])
        sent = sorted(headers["webhook-id"] for headers, _ in posts.taken)
        assert sent == sorted([f"{first}.1.0.hook", f"{first}.1.10.hook", f"{second}.1.0.hook"])
        assert ledger.problem() == ""
