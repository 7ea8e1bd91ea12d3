import pytest
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.console import cookies
from promptguard.console.refusals import MAX_NOTED
from promptguard.errors import PromptGuardError
from promptguard.review.ledger import Act
from promptguard.review.roles import Role


def enter(person, **form: str):
    return person.post("/sign-in", data=form, headers={"origin": ORIGIN})


def test_the_first_account_is_made_by_the_link(somebody, console) -> None:
    person, link = somebody(), console.accounts.make_link()
    page = person.get(f"/set-up?link={link}").text
    assert "The first account" in page
    form = {"link": link, "name": "Ann", "password": PASSWORD, "again": PASSWORD, "role": [str(role) for role in Role]}
    answer = person.post("/set-up", data=form, headers={"origin": ORIGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert person.get("/").status_code == 200
    assert person.get(f"/set-up?link={link}").status_code == 410


def test_the_cookie_is_kept_from_scripts_and_other_sites(somebody) -> None:
    somebody(Role.ANALYST, name="Ann")
    answer = enter(somebody(), name="Ann", password=PASSWORD)
    cookie = answer.headers.get_list("set-cookie")[0].lower()
    assert cookie.startswith(cookies.SESSION)
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))


def test_where_something_before_the_console_speaks_tls_the_cookie_is_for_that_name_alone(somebody) -> None:
    somebody(Role.ANALYST, name="Ann")
    person = somebody()
    person.base_url = "https://guard.example.com"
    form = {"name": "Ann", "password": PASSWORD}
    assert person.post("/sign-in", data=form, headers={"origin": "http://guard.example.com"}).status_code == 403
    answer = person.post("/sign-in", data=form, headers={"origin": "https://guard.example.com"})
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith(f"__Host-{cookies.SESSION}=") and "Secure" in cookie.split("; ")
    assert "strict-transport-security" in answer.headers
    assert person.get("/").status_code == 200
    assert "strict-transport-security" not in somebody().get("/sign-in").headers


@pytest.mark.parametrize("form", [{"name": "Ann", "password": "wrong"}, {"name": "Eve", "password": PASSWORD}, {}])
def test_who_is_refused_learns_nothing_and_is_noted(form, somebody, console) -> None:
    somebody(Role.ANALYST, name="Ann")
    answer = enter(somebody(), **form)
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert "set-cookie" not in answer.headers
    assert console.ledger.entries()[0].act == Act.SIGN_IN_REFUSED
    assert PASSWORD not in str(console.ledger.entries())


def test_not_all_accounts_can_be_tried_in_turn(somebody, console, monkeypatch) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    monkeypatch.setattr(console.tries, "_tries", 3)
    person = somebody()
    assert [enter(person, name=f"x{n}", password="y").status_code for n in range(4)] == [401, 401, 401, 429]
    assert enter(person, name="Ann", password=PASSWORD).status_code == 429
    assert dict(console.ledger.entries()[0].detail) == {"why": "too many tries"}
    assert enter(ann, name="Ann", password=PASSWORD).status_code == 303  # a known browser has a count of its own


def test_many_may_sign_in_from_behind_one_address(somebody, console, monkeypatch) -> None:
    people = [somebody(Role.ANALYST, name=f"Ann {number}") for number in range(2)]
    monkeypatch.setattr(console.tries, "_tries", 3)
    assert enter(somebody(), name="Eve", password="x").status_code == 401
    for _ in range(3):
        for number in range(len(people)):
            assert enter(somebody(), name=f"Ann {number}", password=PASSWORD).status_code == 303
    assert [enter(somebody(), name="Eve", password="x").status_code for _ in range(3)] == [401, 401, 429]


def test_two_passwords_that_differ_are_told_and_the_link_stays(somebody, console) -> None:
    link = console.accounts.make_link()
    form = {"link": link, "name": "Ann", "password": PASSWORD, "again": "other", "role": "administrator"}
    assert somebody().post("/set-up", data=form, headers={"origin": ORIGIN}).status_code == 422
    assert console.accounts.link_leads_to(link) == ""


def test_signing_out_ends_the_session(somebody) -> None:
    person = somebody(Role.ANALYST)
    cookies = dict(person.cookies)
    assert person.submit("/sign-out").headers["location"] == "/sign-in"
    person.cookies.update(cookies)
    assert person.get("/account").headers["location"] == "/sign-in"


def test_a_new_session_ends_the_one_that_the_browser_had(somebody) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    before = ann.cookies[cookies.SESSION]
    enter(ann, name="Ann", password=PASSWORD)
    assert ann.cookies[cookies.SESSION] != before
    other = somebody()
    other.cookies.set(cookies.SESSION, before)
    assert other.get("/account").headers["location"] == "/sign-in"


def test_links_that_hold_no_longer_are_noted_and_not_without_end(somebody, console) -> None:
    person = somebody()
    for n in range(MAX_NOTED + 5):
        person.get(f"/set-up?link=x{n}")
    noted = console.ledger.entries()
    assert [entry.act for entry in noted] == [Act.LINK_REFUSED] * MAX_NOTED
    assert "x1" not in str(noted)


def test_a_password_is_chosen_only_if_that_can_be_noted(somebody, console, monkeypatch) -> None:
    link = console.accounts.make_link()
    form = {"link": link, "name": "Ann", "password": PASSWORD, "again": PASSWORD, "role": [str(role) for role in Role]}

    def full(*_: object, **__: object) -> None:
        raise PromptGuardError("The disk is full.")

    monkeypatch.setattr(type(console.ledger), "note", full)
    assert somebody().post("/set-up", data=form, headers={"origin": ORIGIN}).status_code == 503
    assert console.accounts.all() == []
