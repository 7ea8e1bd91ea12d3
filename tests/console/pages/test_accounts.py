import re

import pyotp
import pytest
from tests.console.conftest import ORIGIN, PASSWORD

from promptguard.review.ledger import Act
from promptguard.review.roles import Role


def link_in(page: str) -> str:
    found = re.search(r"<pre[^>]*>(http\S+)</pre>", page)
    assert found
    return found[1].removeprefix(ORIGIN)


def test_an_administrator_makes_an_account_whose_owner_chooses_the_password(somebody, console) -> None:
    page = somebody(Role.ADMINISTRATOR).submit("/accounts", name="Bob", role="auditor").text
    bob = somebody()
    link = link_in(page)
    assert "For <b>Bob</b>" in bob.get(link).text
    form = {"link": link.split("=")[1], "password": PASSWORD, "again": PASSWORD, "role": "administrator"}
    assert bob.post("/set-up", data=form, headers={"origin": ORIGIN}).status_code == 303
    assert bob.get("/ledger").status_code == 200
    assert bob.get("/accounts").status_code == 403  # a link gives no roles


@pytest.mark.parametrize("form", [{"name": "", "role": "analyst"}, {"name": "Bob"}, {"name": "Bob", "role": "king"}])
def test_what_will_not_do_is_told(form, somebody, console) -> None:
    answer = somebody(Role.ADMINISTRATOR).submit("/accounts", **form)
    assert answer.status_code == 422
    assert len(console.accounts.all()) == 1


def test_roles_are_given_and_taken_and_people_locked_out(somebody, console) -> None:
    ann, bob = somebody(Role.ADMINISTRATOR), somebody(Role.ANALYST, name="Bob")
    id = next(each.id for each in console.accounts.all() if each.name == "Bob")
    ann.submit(f"/accounts/{id}", act="roles", role=["auditor"])
    assert bob.get("/decisions").headers["location"] == "/sign-in"
    assert console.accounts.find(id).roles == {Role.AUDITOR}
    ann.submit(f"/accounts/{id}", act="disable")
    assert console.accounts.find(id).disabled
    ann.submit(f"/accounts/{id}", act="enable")
    assert not console.accounts.find(id).disabled
    assert link_in(ann.submit(f"/accounts/{id}", act="link").text)
    assert ann.submit("/accounts/nobody", act="link").status_code == 404


def test_the_last_administrator_cannot_lock_everybody_out(somebody, console) -> None:
    ann = somebody(Role.ADMINISTRATOR)
    (account,) = console.accounts.all()
    answer = ann.submit(f"/accounts/{account.id}", act="disable")
    assert answer.status_code == 422
    assert "last administrator" in answer.text


def test_one_time_codes_are_set_up_with_password_and_code(somebody, console) -> None:
    ann = somebody(Role.ANALYST)
    (account,) = console.accounts.all()
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', ann.get("/account").text)[1]
    code = pyotp.TOTP(secret).now()
    for wrong in ({"password": "wrong", "code": code}, {"password": PASSWORD, "code": "12"}):
        assert ann.submit("/account/second-factor", act="set", secret=secret, **wrong).status_code == 422
        noted = console.ledger.entries()[0]
        assert (noted.act, noted.detail["name"]) == (Act.SECOND_FACTOR_REFUSED, "analyst")
    ann.submit("/account/second-factor", act="set", secret=secret, password=PASSWORD, code=code)
    assert console.accounts.find(account.id).has_second_factor
    assert secret not in ann.get("/account").text
    ann.submit("/account/second-factor", act="remove", password=PASSWORD)
    assert not console.accounts.find(account.id).has_second_factor
