import html
import re

import pyotp
import pytest
from tests.console.conftest import PASSWORD
from tests.samples.authenticator import Authenticator

from promptguard.review.ledger import Act
from promptguard.review.roles import Role

ORIGIN = "http://localhost:8081"


@pytest.fixture
def console(console):
    object.__setattr__(console, "hosts", console.hosts | {"localhost:8081"})
    return console


@pytest.fixture
def somebody(somebody):
    """People who know the console as localhost."""

    def make(*roles: Role, name: str = ""):
        person = somebody(*roles, name=name)
        cookies = dict(person.cookies)
        person.base_url = ORIGIN
        person.cookies.clear()
        person.cookies.update(cookies)
        return person

    return make


def post(person, path: str, **form: str):
    return person.post(path, data=form, headers={"origin": ORIGIN})


def submit(person, path: str, **form: str):
    return post(person, path, token=person.token("/account/passkeys"), **form)


def options_in(page: str) -> str:
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def add(person, name: str = "laptop") -> Authenticator:
    key = Authenticator()
    made = key.create(options_in(person.get("/account/passkeys").text))
    assert submit(person, "/account/passkeys", name=name, password=PASSWORD, credential=made).status_code == 303
    return key


def test_a_passkey_signs_in_without_a_password(somebody, console) -> None:
    key = add(somebody(Role.ANALYST, name="Ann"))
    other = somebody()
    answer = post(other, "/sign-in/passkey", credential=key.get(options_in(other.get("/sign-in").text)))
    assert answer.status_code == 303
    assert other.get("/decisions").status_code == 200
    noted = [(entry.act, entry.name, dict(entry.detail)) for entry in console.ledger.entries()]
    assert (Act.SIGNED_IN, "Ann", {"by": "passkey"}) in noted
    assert (Act.PASSKEY_ADDED, "Ann", {}) in noted


def test_a_password_is_not_enough_any_more(somebody, console) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    key = add(ann)
    other = somebody()
    second = post(other, "/sign-in", name="Ann", password=PASSWORD)
    assert second.status_code == 200
    assert "set-cookie" not in second.headers
    assert other.get("/").headers["location"] == "/sign-in"
    assert post(other, "/sign-in/passkey", credential=key.get(options_in(second.text))).status_code == 303
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).now()
    submit(ann, "/account/second-factor", act="set", secret=secret, password=PASSWORD, code=code)
    assert post(somebody(), "/sign-in", name="Ann", password=PASSWORD).status_code == 401  # a code does, or a passkey


def test_several_have_names_and_are_removed_with_the_password(somebody, console) -> None:
    ann = somebody(Role.ANALYST)
    first, second = add(ann, "laptop"), add(ann, "key <1>")
    page = ann.get("/account/passkeys").text
    assert "<h2>laptop</h2>" in page
    assert "<h2>key &lt;1&gt;</h2>" in page
    ids = re.findall(r'name="passkey" value="([0-9a-f]+)"', page)
    assert submit(ann, "/account/passkeys/remove", passkey=ids[0], password="wrong").status_code == 422
    assert console.ledger.entries()[0].act == Act.SECOND_FACTOR_REFUSED
    assert submit(ann, "/account/passkeys/remove", passkey=ids[0], password=PASSWORD).status_code == 303
    other = somebody()
    for key, status in ((first, 401), (second, 303)):
        credential = key.get(options_in(other.get("/sign-in").text))
        assert post(other, "/sign-in/passkey", credential=credential).status_code == status


def test_nobody_removes_those_of_others(somebody, console) -> None:
    ann = somebody(Role.ANALYST, name="Ann")
    add(ann)
    (id,) = re.findall(r'name="passkey" value="([0-9a-f]+)"', ann.get("/account/passkeys").text)
    submit(somebody(Role.ANALYST, name="Eve"), "/account/passkeys/remove", passkey=id, password=PASSWORD)
    assert "<h2>laptop</h2>" in ann.get("/account/passkeys").text


@pytest.mark.parametrize("form", [{"password": "wrong"}, {"credential": "{}"}, {"name": ""}])
def test_what_will_not_do_is_told_and_noted(somebody, console, form) -> None:
    ann = somebody(Role.ANALYST)
    made = Authenticator().create(options_in(ann.get("/account/passkeys").text))
    sent = {"name": "laptop", "password": PASSWORD, "credential": made, **form}
    assert submit(ann, "/account/passkeys", **sent).status_code == 422
    assert console.ledger.entries()[0].act == Act.SECOND_FACTOR_REFUSED
    assert "<h2>laptop</h2>" not in ann.get("/account/passkeys").text


def test_a_lock_is_no_matter_to_a_passkey_but_locking_out_is(somebody, console) -> None:
    ann, other = somebody(Role.ANALYST, name="Ann"), somebody(Role.ADMINISTRATOR)
    key = add(ann)
    for _ in range(6):
        post(other, "/sign-in", name="Ann", password="wrong")
    person = somebody()
    options = options_in(person.get("/sign-in").text)
    assert post(person, "/sign-in/passkey", credential=key.get(options)).status_code == 303
    id = next(each.id for each in console.accounts.all() if each.name == "Ann")
    console.accounts.change(id, disabled=True)
    options = options_in(somebody().get("/sign-in").text)
    assert post(somebody(), "/sign-in/passkey", credential=key.get(options)).status_code == 403


def test_a_new_password_takes_passkeys_away(somebody, console) -> None:
    key = add(somebody(Role.ANALYST, name="Ann"))
    (account,) = console.accounts.all()
    link = console.accounts.make_link(account.id)
    post(somebody(), "/set-up", link=link, password=PASSWORD, again=PASSWORD)
    options = options_in(somebody().get("/sign-in").text)
    assert post(somebody(), "/sign-in/passkey", credential=key.get(options)).status_code == 401
    assert console.ledger.entries()[0].act == Act.SIGN_IN_REFUSED


def test_an_address_has_no_passkeys_and_says_where_to_go(somebody) -> None:
    ann = somebody(Role.ANALYST)
    ann.base_url = "http://127.0.0.1:8081"
    page = ann.get("/account/passkeys").text
    assert 'href="http://localhost:8081/account/passkeys"' in page
    assert "data-options" not in page
    assert "data-passkey" not in somebody().get("http://127.0.0.1:8081/sign-in").text
