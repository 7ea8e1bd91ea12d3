"""The pages: what stands on them in each language, and that nothing that was told becomes markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.device_sign_in.conftest import LANGUAGES

from promptguard.authentication.devices import DeviceCredentials
from promptguard.device_sign_in.failures import Why
from promptguard.device_sign_in.pages import Pages
from promptguard.device_sign_in.sign_ins import Begun, Finished
from promptguard.notices.templates import Templates

BEGUN = Begun("handle-of-the-device", "BCDF-GHJK", "https://login.example.com/activate", "", 1_800_000_600.0, 2)
FINISHED = Finished(
    DeviceCredentials("d-1", "<pass&word>"),
    "jane",
    datetime(2026, 11, 2, tzinfo=UTC),
    datetime(2027, 2, 14, 8, tzinfo=UTC),
)


def shown(page: bytes) -> str:
    """What stands in a page's body."""
    return page.decode().partition("<body>")[2]


@pytest.fixture(params=LANGUAGES, ids=lambda each: each.language)
def spoken(request: pytest.FixtureRequest) -> Templates:
    found: Templates = request.param
    return found


@pytest.fixture
def pages(spoken: Templates) -> Pages:
    return Pages(spoken.device, spoken.language)


def test_somebody_begins_at_the_company(pages: Pages, spoken: Templates) -> None:
    page = pages.start("login.example.com")
    assert f'<html lang="{spoken.language}"' in page.decode()
    assert "login.example.com" in shown(page) and "{" not in shown(page)
    assert f'<form method="post" action="/device"><button>{spoken.device.sign_in}</button></form>' in shown(page)


def test_the_code_is_shown_without_the_handle_and_asked_for_again(pages: Pages) -> None:
    page = pages.waiting(BEGUN, 5)
    assert '<meta http-equiv="refresh" content="5;url=/device/wait">' in page.decode()
    assert '<p class="code">BCDF-GHJK</p>' in shown(page) and BEGUN.handle not in page.decode()
    assert '<a href="https://login.example.com/activate" target="_blank" rel="noopener noreferrer">' in shown(page)
    complete = pages.waiting(replace(BEGUN, verification_uri_complete="https://login.example.com/activate?c=1"), 5)
    assert '<a href="https://login.example.com/activate?c=1"' in shown(complete)


def test_what_a_device_gets_is_shown_once(pages: Pages) -> None:
    page = pages.done(FINISHED, ["https://proxy.example:8443", "http://other.example:8080"], "https://p.example/pac/x")
    assert "http-equiv" not in page.decode()
    for value in ("d-1", "&lt;pass&amp;word&gt;", "https://proxy.example:8443 http://other.example:8080"):
        assert f"<code>{value}</code>" in shown(page)
    assert "2027-02-14 08:00 UTC" in shown(page)


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_its_page(why: Why, pages: Pages) -> None:
    page = shown(pages.problem(why, "<IT>"))
    assert "{" not in page and "<IT>" not in page
    assert '<a href="/device">' in page


def test_what_the_provider_says_is_no_markup(pages: Pages) -> None:
    told = replace(BEGUN, user_code="<b>x</b>", verification_uri='https://login.example.com/"><b>')
    assert "<b>" not in shown(pages.waiting(told, 1)) + shown(pages.start("<b>"))
