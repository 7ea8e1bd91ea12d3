import re
import sqlite3
from contextlib import closing
from unittest.mock import Mock

from sqlalchemy import select
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.console.application import WAYS
from promptguard.errors import PromptGuardError
from promptguard.review.ledger import PAGE, Act
from promptguard.review.roles import Role
from promptguard.review.staff_reports import ReportKind
from promptguard.review.tables import metadata


def test_it_shows_who_did_what_and_that_it_is_whole(somebody, console) -> None:
    somebody(Role.ANALYST, name="Ann").get("/decisions?rule=%3Cb%3E")
    page = somebody(Role.AUDITOR).get("/ledger").text
    assert "checked just now" in page
    assert "listed" in page
    assert "Ann" in page
    assert "<b>" not in page.split("<tbody>")[1]


def test_it_says_when_it_is_not(somebody, installation) -> None:
    auditor = somebody(Role.AUDITOR)
    auditor.get("/")
    with closing(sqlite3.connect(installation.folder / "review.db")) as connection, connection:
        connection.execute("UPDATE review_ledger SET act = 'x' WHERE sequence = 1")
    assert "Entry 1 of the ledger was not written" in auditor.get("/ledger").text


def test_it_goes_on_on_further_pages(somebody, console) -> None:
    auditor = somebody(Role.AUDITOR)
    for number in range(PAGE):
        console.ledger.note(Act.LISTED, object=f"object-{number}")
    link = auditor.get("/ledger").text.split('class="button" href="')[1].split('"')[0]
    assert "object-0" in auditor.get(link).text


NOTHING_TO_NOTE = {"/sign-in", "/account", "/account/passkeys", "/accounts", "/what-is-recorded", "/openapi.json"}
"""One's own account, the form of sign-in, who may sign in, and what stands in the documentation."""

ACTS = ("answer", "right", "incident", "close", "take_on", "remark", "link", "roles", "disable", "expose", "offer")


def test_nothing_is_shown_or_done_that_the_ledger_could_not_take(
    somebody, console, installation, make_event, monkeypatch
) -> None:
    (event,) = installation.take_up(make_event(found=["EMAIL_ADDRESS"]))
    root, other = somebody(*Role, name="Root"), console.accounts.make("Other", list(Role))
    (me,) = [each for each in console.accounts.all() if each.name == "Root"]
    ids = {
        "decision": event.id,
        "look-up": event.id,
        "incidents": console.incidents.open("data_exposed", [event.id], me, "x", exposed=True),
        "reports": console.staff.reports.tell(event.id, ReportKind.QUESTION, token=None, remark="why"),
        "accounts": other.id,
    }
    form = {"token": root.token(), "name": "New", "role": Role.ANALYST, "decision": event.id, "query": "action=block"}
    form |= {"remark": "why", "kind": "data_exposed", "what": "x", "value": "0", "reason": "x", "days": "3"}
    form |= {"which": "now", "right": "yes", "to": other.id, "password": PASSWORD}
    monkeypatch.setattr(console.ledger, "note", Mock(side_effect=PromptGuardError("it is away")))
    before, shown = kept(installation.database), set()
    for way in WAYS:
        id = ids.get(way.path.split("/")[1], "x")
        path = re.sub(r"\{\w+\}", id, way.path)
        for act in ACTS if "{id}" in way.path and way.method == "POST" else ("",):
            data = {**form, "act": act} if way.method == "POST" else None
            asked = None if data else {"id": event.id, "form": "csv", "after": "0"}
            answer = root.request(way.method, path, params=asked, data=data, headers={"origin": ORIGIN})
            shown |= {way.path} if answer.status_code == 200 or event.id in answer.text else set()
    assert shown <= NOTHING_TO_NOTE
    assert kept(installation.database) == before


def kept(database) -> dict[str, list[str]]:
    with database.reading() as connection:
        tables = [each for each in metadata.sorted_tables if each.name.startswith("review_")]
        return {each.name: sorted(map(repr, connection.execute(select(each)))) for each in tables}
