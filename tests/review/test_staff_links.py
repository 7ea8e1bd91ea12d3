import orjson
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from promptguard.review import staff_links
from promptguard.review.database import ReviewDatabase
from promptguard.review.hashing import hash_of_secret
from promptguard.review.staff_links import (
    ANSWER_SECONDS,
    MAX_SEALED,
    OPENED_SECONDS,
    UNOPENED_SECONDS,
    StaffLinks,
    new_link,
)
from promptguard.review.staff_tables import staff_link

NOW = 1_800_000_000


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def database(tmp_path):
    database = ReviewDatabase.open(tmp_path / "review.db")
    yield database
    database.close()


@pytest.fixture
def links(database, clock):
    return StaffLinks(database, lambda: clock[0])


def made(links, redacted="Write to [EMAIL_ADDRESS]", files=()):
    link = new_link("pg-1", redacted=redacted, files=files, now=NOW)
    links.keep([link])
    return link


def test_a_link_is_opened_once_and_then_shown_in_that_browser_alone(links) -> None:
    secret = made(links).secret
    assert links.find(secret, "").is_open is False
    cookie = links.open(secret)
    assert links.open(secret) == ""
    assert links.find(secret, cookie).decision_id == "pg-1"
    assert links.find(secret, cookie).is_open
    for other in ("", "another", cookie[:-1]):
        assert links.find(secret, other) is None


@pytest.mark.parametrize("secret", ["", "unknown", "z" * 30])
def test_of_other_links_nobody_learns_anything(secret: str, links) -> None:
    made(links)
    assert links.find(secret, "") is None
    assert links.open(secret) == ""


@pytest.mark.parametrize(
    ("opened", "held", "later", "holds"),
    [
        (False, False, UNOPENED_SECONDS, True),
        (False, False, UNOPENED_SECONDS + 1, False),
        (True, False, OPENED_SECONDS, True),
        (True, False, OPENED_SECONDS + 1, False),
        (True, True, ANSWER_SECONDS, True),
        (True, True, ANSWER_SECONDS + 1, False),
        (False, False, -3600, False),  # the clock was set back: it would hold for too long
    ],
)
def test_links_end(opened: bool, held: bool, later: int, holds: bool, links, clock) -> None:
    secret = made(links).secret
    cookie = links.open(secret) if opened else ""
    if held:
        links.hold(links.find(secret, cookie).token)
    clock[0] += later
    assert (links.find(secret, cookie) is not None) is holds
    assert opened or bool(links.open(secret)) is holds


def test_only_the_link_opens_what_is_sealed(links, database, clock) -> None:
    link = made(links, files=["contract.pdf"])
    cookie = links.open(link.secret)
    sealed = links.find(link.secret, cookie).sealed
    plain = AESGCM(hash_of_secret(link.key)).decrypt(sealed[:12], sealed[12:], b"pg-1")
    assert orjson.loads(plain) == {"text": "Write to [EMAIL_ADDRESS]", "files": ["contract.pdf"]}
    with database.reading() as connection:
        dump = repr(connection.execute(select(staff_link)).all())
    for secret in (link.key, link.secret, cookie, "EMAIL_ADDRESS", "contract"):
        assert secret not in dump
    assert link.secret not in repr(link) and link.key not in repr(link)
    clock[0] += UNOPENED_SECONDS + 1
    assert links.find(link.secret, cookie).sealed is None
    links.keep(())
    with database.reading() as connection:
        assert connection.scalars(select(staff_link.c.sealed)).all() == [None]


@pytest.mark.parametrize("text", ["", "x" * MAX_SEALED])
def test_of_no_text_and_of_too_long_a_one_nothing_is_sealed(text: str) -> None:
    link = new_link("pg-1", redacted=text, files=[], now=NOW)
    assert link.sealed is None
    assert "#" not in link.path


def test_the_oldest_links_go_first(links, monkeypatch) -> None:
    monkeypatch.setattr(staff_links, "MAX_LINKS", 2)
    three = [new_link(f"pg-{number}", redacted="", files=[], now=NOW + number) for number in range(3)]
    links.keep(three)
    assert [links.find(link.secret, "") is not None for link in three] == [False, True, True]
