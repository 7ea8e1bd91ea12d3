import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.errors import StorageError
from promptguard.review.database import ReviewDatabase
from promptguard.review.staff_links import StaffLinks, new_link
from promptguard.review.staff_tables import staff_link
from promptguard.runtime import notice_links
from promptguard.runtime.notice_links import LinkKeeper, links_begin_with

NOWHERE = Path("/nowhere")
SETTINGS = ConsoleSettings(url="https://guard.example.com")


@pytest.mark.parametrize(
    ("settings", "running", "begin"),
    [
        ({}, "http://127.0.0.1:18181", ""),
        ({"staff_links": True}, None, "http://127.0.0.1:8081"),
        ({"staff_links": True}, "http://127.0.0.1:18181", "http://127.0.0.1:18181"),
        ({"staff_links": True}, "http://127.0.0.1:9081\n127.0.0.1:8081\n", "http://127.0.0.1:9081"),
        ({"staff_links": True}, "no address", "http://127.0.0.1:8081"),
        ({"url": "https://guard.example.com"}, "http://127.0.0.1:18181", "https://guard.example.com"),
        (
            {"hosts": ["guard.example.com"], "certificate": Path("c"), "key": Path("k")},
            "https://guard.example.com:18181",
            "https://guard.example.com:18181",
        ),
    ],
)
def test_links_lead_to_where_the_console_runs(settings, running, begin, tmp_path) -> None:
    if running is not None:
        (tmp_path / "console.url").write_text(running)
    assert links_begin_with(ConsoleSettings(**settings), tmp_path / "console.url") == begin


def test_links_can_be_opened_once_they_are_kept(tmp_path) -> None:
    keeper = LinkKeeper(SETTINGS, NOWHERE, lambda: ReviewDatabase.open(tmp_path / "review.db"))
    keeper.start()
    addresses = [keeper.make(f"pg-{number}", redacted="", files=[]) for number in range(200)]
    keeper.stop()
    with closing(ReviewDatabase.open(tmp_path / "review.db")) as database:
        found = [StaffLinks(database).find(address.rpartition("/")[2], "") for address in addresses]
    assert [link.decision_id for link in found if link] == [f"pg-{number}" for number in range(200)]


def test_there_are_none_without_an_address_nor_while_too_many_wait(tmp_path, monkeypatch) -> None:
    assert LinkKeeper(ConsoleSettings(), NOWHERE, lambda: None).make("pg-1", redacted="", files=[]) == ""
    monkeypatch.setattr(notice_links, "MAX_WAITING", 1)
    keeper = LinkKeeper(SETTINGS, NOWHERE, lambda: None)
    assert keeper.make("pg-1", redacted="", files=[])
    assert keeper.make("pg-2", redacted="", files=[]) == ""


def test_there_are_none_while_they_cannot_be_kept(caplog) -> None:
    def broken() -> ReviewDatabase:
        raise StorageError("review.db", "The disk is full.", "")

    keeper = LinkKeeper(SETTINGS, NOWHERE, broken)
    keeper.start()
    keeper.make("pg-1", redacted="", files=[])
    while not keeper._failing:
        pass
    assert keeper.make("pg-2", redacted="", files=[]) == ""
    keeper.stop()
    assert "The disk is full." in caplog.text


def test_a_link_that_was_given_out_is_kept_once_the_database_is_back(tmp_path, monkeypatch, caplog) -> None:
    monkeypatch.setattr(notice_links, "_AGAIN_SECONDS", 0.01)
    tries = []

    def away_at_first() -> ReviewDatabase:
        tries.append(len(tries))
        if len(tries) < 4:
            raise StorageError("review.db", "It is away.", "")
        return ReviewDatabase.open(tmp_path / "review.db")

    keeper = LinkKeeper(SETTINGS, NOWHERE, away_at_first)
    address = keeper.make("pg-1", redacted="", files=[])
    keeper.start()
    while len(tries) < 4 or not keeper.available:
        pass
    monkeypatch.setattr(notice_links, "_AGAIN_SECONDS", 5.0)
    keeper.stop()
    with closing(ReviewDatabase.open(tmp_path / "review.db")) as database:
        assert StaffLinks(database).find(address.rpartition("/")[2], "") is not None
    assert caplog.text.count("It is away.") == 1


def test_what_is_too_old_is_deleted_where_no_further_link_is_made(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(notice_links, "_FORGET_SECONDS", 0.01)
    with closing(ReviewDatabase.open(tmp_path / "review.db")) as database:
        then = time.time() - 3700
        StaffLinks(database, lambda: then).keep([new_link("pg-1", redacted="[PASSWORD]", files=[], now=then)])
        keeper = LinkKeeper(SETTINGS, NOWHERE, lambda: ReviewDatabase.open(tmp_path / "review.db"))
        keeper.start()
        left = select(func.count()).select_from(staff_link)
        seen = []
        while 0 not in seen:
            with database.reading() as connection:
                seen.append(connection.scalar(left))
        keeper.stop()
