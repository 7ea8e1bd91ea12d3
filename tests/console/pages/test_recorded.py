"""What is recorded, told to everybody in their language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.review.incidents.kinds import EarlierTerms
from promptguard.review.roles import Role
from promptguard.transparency.kept import Kept


@pytest.mark.parametrize(
    ("accept", "language", "said"),
    [
        ("", "en", ["What is recorded", "analyst", "sees no decisions", "90 days", "aaa@aaa.aa", "is switched off"]),
        ("sv", "en", ["What is recorded"]),
        ("de-CH, en;q=0.5", "de", ["Was aufgezeichnet wird", "sieht keine Entscheidungen", "90 Tage", "ausgeschaltet"]),
    ],
)
@pytest.mark.parametrize("roles", [(), (Role.ANALYST,)])
def test_everybody_can_read_it(accept, language, said, roles, somebody) -> None:
    page = somebody(*roles).get("/what-is-recorded", headers={"accept-language": accept}).text
    assert f'<html lang="{language}">' in page
    for each in said:
        assert each.lower() in page.lower()
    # What stands around it is in English, and says so where the page is in another language.
    for part in ("header", "footer"):
        assert all('lang="en"' in tag for tag in re.findall(rf"<{part}[^>]*>", page))


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        ("", "kept for 3 days"),
        ("de", "wird 3 Tage aufbewahrt, wenn es zu diesen Arten von Daten gehört: Zugangsdaten;"),
    ],
)
def test_evidence_is_told_where_it_is_kept(accept, said, somebody, console) -> None:
    given = {"public_keys": [Path("a.pem")], "days": 3, "classes": ["credentials"]}
    object.__setattr__(console, "kept", Kept(Settings.model_validate({"evidence": given}, strict=False)))
    page = somebody().get("/what-is-recorded", headers={"accept-language": accept}).text
    assert said in page
    assert somebody(Role.UNMASK_REQUESTER).get("/releases").text.count("kept for 3 days") == 1


@pytest.mark.parametrize(
    ("months", "accept", "said"),
    [
        (12, "", "may two case officers together, with a reason, check"),
        (12, "", "within 12 months before"),
        (1, "", "within 1 month before"),
        (12, "de", "innerhalb von 12 Monaten davor"),
    ],
)
def test_that_two_people_may_look_back_is_told_while_they_may(months, accept, said, somebody, console) -> None:
    console.earlier.terms = EarlierTerms(months=months)
    person = somebody()
    assert said in person.get("/what-is-recorded", headers={"accept-language": accept}).text
    console.earlier.terms = EarlierTerms(months=0)
    assert said not in person.get("/what-is-recorded", headers={"accept-language": accept}).text


def test_hosts_where_people_sign_in_are_told_where_they_are_decrypted(somebody, console) -> None:
    assert "people sign in (" not in somebody().get("/what-is-recorded").text
    given = {"provider": "google", "allowed": "example.com", "decrypt_sign_in": True}
    object.__setattr__(console, "kept", Kept(Settings.model_validate({"workspaces": [given]}, strict=False)))
    assert "people sign in (accounts.google.com)" in somebody().get("/what-is-recorded").text
