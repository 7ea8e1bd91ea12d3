"""Two case officers look back from an incident in Chromium: what each sees, and that both can use every step of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from everybody import violations
from looks import picture
from playwright.sync_api import Browser, Page
from support.proxies import configuration
from test_console import PASSWORD, sign_in

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import load_bundle
from promptguard.model import Action
from promptguard.review.accounts import Accounts
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion
from promptguard.review.ledger import Ledger
from promptguard.review.roles import Role
from promptguard.workers.process import command_of
from samples.reviewing import Installation, event, installation

DAY = 86_400


@dataclass
class Looking:
    """A console, an open incident of somebody, and a confirmed one of the same person's."""

    origin: str
    incident: str
    before: str


def prepared(made: Installation, config: Path) -> tuple[str, str]:
    """The ids of both incidents, where Ann and Ben have accounts."""
    accounts = Accounts(made.database, made.keys.second_factor)
    for name in ("Ann", "Ben"):
        link = accounts.make_link(accounts.make(name, [Role.CASE_OFFICER, Role.ANALYST]).id)
        accounts.use_link(link, PASSWORD)
    (ann, _) = accounts.all()
    clock = [time.time()]
    book = IncidentBook(
        made.database, load_bundle(config).incidents, Ledger(made.database, made.keys), lambda: clock[0]
    )
    ids = []
    for days in (90, 0):
        clock[0] = time.time() - days * DAY
        at = timestamp(datetime.fromtimestamp(clock[0], UTC))
        sent = event(at, action=Action.NOTIFY, found=["GITHUB_TOKEN"])
        made.take_up(replace(sent, identity_source="kerberos"))
        ids.append(book.open("credential_exposed", [sent.id], ann, "", True))
        if days:
            book.close(ids[0], ann, "The token was valid, and was rotated", Conclusion.CONFIRMED)
    return ids[1], ids[0]


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    folder = tmp_path_factory.mktemp("earlier")
    config = configuration(folder / "config", {"names": {"enabled": False}})
    with installation(folder / "data") as made:
        incident, before = prepared(made, config)
        folders = ("--config", str(config), "--data", str(made.folder))
        console = subprocess.Popen(
            [*command_of("promptguard.console"), *folders, "--listen", "127.0.0.1:0", "--until-closed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert console.stdout
        yield Looking(console.stdout.readline().split()[-1].split("/set-up")[0].rstrip("/"), incident, before)
        console.communicate("")


def opened(local: Browser, looking: Looking, name: str, width: int) -> Page:
    page = local.new_context(viewport={"width": width, "height": 800}).new_page()
    page.set_default_timeout(120_000)  # words are searched before they are kept, on a busy machine for long
    sign_in(page, looking.origin, name)
    page.goto(f"{looking.origin}/incidents/{looking.incident}")
    page.get_by_role("link", name="Was there a confirmed incident").click()
    return page


def test_one_asks_another_approves_and_both_see_it(local: Browser, looking: Looking, axe: str) -> None:
    ann, ben = opened(local, looking, "Ann", 1000), opened(local, looking, "Ben", 360)
    ann.get_by_label("Why it has to be known").fill("HR asks whether it is the first time")
    ann.get_by_role("button", name="Ask another person").click()
    ann.get_by_text("asked for this yourself").wait_for()
    assert violations(ann, axe) == []
    ben.reload()
    assert violations(ben, axe) == []
    ben.get_by_label("Why", exact=True).fill("It decides on what follows")
    ben.get_by_role("button", name="Approve").click()
    ann.reload()
    for page, width in ((ann, 1000), (ben, 360)):
        assert looking.before not in page.content()
        page.get_by_role("button", name="Look", exact=True).click()
        page.get_by_role("link", name=looking.before).wait_for()
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(ann, "console-earlier", width=1000)
    ben.get_by_role("button", name="End it").click()
    ben.get_by_text("Ended by one of the two").wait_for()
    assert looking.before not in ben.content()
