import pyotp
import pytest

from promptguard.review.accounts import (
    LINK_SECONDS,
    LOCKED_SECONDS,
    MAX_FAILURES,
    MAX_LOCKED_SECONDS,
    Accounts,
    NotPossible,
    checked_name,
)
from promptguard.review.one_time_codes import CODE_SECONDS
from promptguard.review.roles import Permission, Role
from promptguard.review.sessions import Sessions

pytestmark = pytest.mark.usefixtures("quick_passwords")

PASSWORD = "correct horse battery"
EVERYTHING = list(Role)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(installation, clock: Clock) -> Accounts:
    return Accounts(installation.database, installation.keys.second_factor, clock)


@pytest.fixture
def ann(accounts: Accounts):
    return accounts.use_link(accounts.make_link(), PASSWORD, name="Ann", roles=EVERYTHING)


def test_the_first_account_is_made_through_a_link_that_works_once(accounts: Accounts) -> None:
    secret = accounts.make_link()
    made = accounts.use_link(secret, PASSWORD, name=" Ann  Lee ", roles=[Role.ADMINISTRATOR])
    assert made.name == "Ann Lee"
    assert made.permissions == {Permission.ACCOUNTS}
    assert accounts.sign_in("ann lee", PASSWORD, "") is not None
    with pytest.raises(NotPossible):
        accounts.use_link(secret, PASSWORD, name="Eve", roles=EVERYTHING)
    assert [each.name for each in accounts.all()] == ["Ann Lee"]


def test_a_second_first_account_cannot_be_made(accounts: Accounts, ann) -> None:
    with pytest.raises(NotPossible, match="accounts already"):
        accounts.use_link(accounts.make_link(), PASSWORD, name="Eve", roles=EVERYTHING)


@pytest.mark.parametrize(
    ("name", "password", "roles"),
    [
        ("", PASSWORD, EVERYTHING),
        ("x" * 65, PASSWORD, EVERYTHING),
        ("a\x1bb", PASSWORD, EVERYTHING),
        ("Ann", "short", EVERYTHING),
        ("Ann", PASSWORD, []),
        ("Ann", PASSWORD, [Role.ANALYST]),
    ],
)
def test_a_link_is_not_used_up_by_what_will_not_do(name, password, roles, accounts: Accounts) -> None:
    secret = accounts.make_link()
    with pytest.raises(NotPossible):
        accounts.use_link(secret, password, name=name, roles=roles)
    assert accounts.use_link(secret, PASSWORD, name="Ann", roles=EVERYTHING)


def test_links_end_after_a_day_or_with_the_next_one(accounts: Accounts, ann, clock: Clock) -> None:
    first = accounts.make_link(ann.id)
    second = accounts.make_link(ann.id)
    assert accounts.link_leads_to(first) is None
    assert accounts.link_leads_to(second) == ann.id
    clock.now += LINK_SECONDS
    assert accounts.link_leads_to(second) is None


def test_a_new_password_ends_sessions_and_one_time_codes(accounts: Accounts, ann, installation, clock: Clock) -> None:
    sessions = Sessions(installation.database, accounts, clock)
    cookie = sessions.begin(ann)
    accounts.use_link(accounts.make_link(ann.id), "another password 77")
    assert sessions.find(cookie) is None
    assert accounts.sign_in("Ann", PASSWORD, "") is None
    assert accounts.sign_in("Ann", "another password 77", "") is not None


@pytest.mark.parametrize(("name", "password"), [("Ann", "wrong"), ("Eve", PASSWORD), ("", ""), ("Ann", "")])
def test_who_is_not_known_does_not_get_in(name: str, password: str, accounts: Accounts, ann) -> None:
    assert accounts.sign_in(name, password, "") is None


def test_an_account_locks_itself_ever_longer(accounts: Accounts, ann, clock: Clock) -> None:
    def fail() -> None:
        assert accounts.sign_in("Ann", "wrong", "") is None

    for _ in range(MAX_FAILURES):
        fail()
    assert accounts.sign_in("Ann", PASSWORD, "") is None  # locked, though it is right
    clock.now += LOCKED_SECONDS + 1
    fail()
    clock.now += LOCKED_SECONDS + 1
    assert accounts.sign_in("Ann", PASSWORD, "") is None  # twice as long
    clock.now += MAX_LOCKED_SECONDS
    assert accounts.sign_in("Ann", PASSWORD, "") is not None
    for _ in range(MAX_FAILURES - 1):
        fail()
    assert accounts.sign_in("Ann", PASSWORD, "") is not None  # it counts from nothing again


def test_who_is_locked_out_is_signed_out(accounts: Accounts, ann, installation, clock: Clock) -> None:
    sessions = Sessions(installation.database, accounts, clock)
    bob = accounts.make("Bob", [Role.ANALYST])
    accounts.use_link(accounts.make_link(bob.id), PASSWORD)
    cookie = sessions.begin(bob)
    accounts.change(bob.id, disabled=True)
    assert sessions.find(cookie) is None
    assert accounts.sign_in("Bob", PASSWORD, "") is None
    accounts.change(bob.id, disabled=False)
    assert accounts.sign_in("Bob", PASSWORD, "") is not None


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": [Role.ANALYST]}])
def test_the_last_administrator_stays(change, accounts: Accounts, ann) -> None:
    with pytest.raises(NotPossible, match="last administrator"):
        accounts.change(ann.id, **change)
    assert accounts.find(ann.id) == ann


def test_names_are_taken_without_regard_to_case(accounts: Accounts, ann) -> None:
    with pytest.raises(NotPossible, match="already"):
        accounts.make("ANN", [Role.ANALYST])


def test_a_code_is_asked_for_and_taken_once(accounts: Accounts, ann, clock: Clock) -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(int(clock.now))
    assert not accounts.set_second_factor(ann.id, secret, "000000" if code != "000000" else "111111")
    assert accounts.set_second_factor(ann.id, secret, code)
    assert accounts.sign_in("Ann", PASSWORD, "") is None
    assert accounts.sign_in("Ann", PASSWORD, code) is None  # used when it was set up
    clock.now += CODE_SECONDS
    code = pyotp.TOTP(secret).at(int(clock.now))
    assert accounts.sign_in("Ann", PASSWORD, f"{code[:3]} {code[3:]}") is not None
    assert accounts.sign_in("Ann", PASSWORD, code) is None
    accounts.remove_second_factor(ann.id)
    assert accounts.sign_in("Ann", PASSWORD, "") is not None


def test_the_secret_of_codes_does_not_stand_in_the_database(
    accounts: Accounts, ann, clock: Clock, installation
) -> None:
    secret = pyotp.random_base32()
    accounts.set_second_factor(ann.id, secret, pyotp.TOTP(secret).at(int(clock.now)))
    files = installation.content()
    assert secret.encode() not in files
    assert PASSWORD.encode() not in files


@pytest.mark.parametrize("name", ["Ann", "Zoë Ångström", "安娜"])
def test_names_of_people_are_names(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize("other", ["ÄDA Öz", "äda öz", "A\u0308da O\u0308z", " Äda  Öz "])
def test_a_name_is_known_however_it_is_written(other: str, accounts: Accounts) -> None:
    accounts.use_link(accounts.make_link(), PASSWORD, name="Äda Öz", roles=EVERYTHING)
    assert accounts.sign_in(other, PASSWORD, "") is not None
    with pytest.raises(NotPossible, match="already"):
        accounts.make(other, [Role.ANALYST])


@pytest.mark.parametrize("secret", ["", "1", "not base32!", "é"])
def test_a_secret_that_is_none_is_not_set_up(secret: str, accounts: Accounts, ann) -> None:
    assert not accounts.set_second_factor(ann.id, secret, "000000")


def test_a_lock_does_not_outlast_a_clock_that_is_set_back(accounts: Accounts, ann, clock: Clock) -> None:
    for _ in range(MAX_FAILURES):
        accounts.sign_in("Ann", "wrong", "")
    clock.now -= 10 * MAX_LOCKED_SECONDS
    assert accounts.sign_in("Ann", PASSWORD, "") is not None
