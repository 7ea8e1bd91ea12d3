import pytest

from promptguard.review.accounts import Accounts
from promptguard.review.roles import Role
from promptguard.review.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def sessions(installation, now: list[float]) -> Sessions:
    accounts = Accounts(installation.database, installation.keys.second_factor, lambda: now[0])
    return Sessions(installation.database, accounts, lambda: now[0])


@pytest.fixture
def cookie(sessions: Sessions) -> str:
    return sessions.begin(sessions._accounts.make("Ann", [Role.ADMINISTRATOR]))


def test_a_session_is_known_by_its_cookie_alone(sessions: Sessions, cookie: str) -> None:
    found = sessions.find(cookie)
    assert found is not None
    assert found.account.name == "Ann"
    assert sessions.find("") is None
    assert sessions.find(cookie[:-1]) is None
    other = sessions.find(sessions.begin(found.account))
    assert other is not None
    assert other.form_token != found.form_token


def test_a_session_ends_when_nobody_is_there(sessions: Sessions, cookie: str, now: list[float]) -> None:
    for _ in range(3):
        now[0] += IDLE_SECONDS - 60
        assert sessions.find(cookie)
    now[0] += IDLE_SECONDS + 61
    assert sessions.find(cookie) is None


def test_a_session_ends_after_its_longest_time(sessions: Sessions, cookie: str, now: list[float]) -> None:
    for _ in range(LONGEST_SECONDS // 1000):
        now[0] += 1000
        sessions.find(cookie)
    now[0] += 1000
    assert sessions.find(cookie) is None


def test_a_session_ends_when_it_is_ended(sessions: Sessions, cookie: str) -> None:
    sessions.end(cookie)
    assert sessions.find(cookie) is None


def test_the_cookie_does_not_stand_in_the_database(sessions: Sessions, cookie: str, installation) -> None:
    assert cookie.encode() not in installation.content()


def test_a_session_does_not_outlast_a_clock_that_is_set_back(sessions: Sessions, cookie: str, now: list[float]) -> None:
    now[0] -= LONGEST_SECONDS
    assert sessions.find(cookie) is None


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(
    sessions: Sessions, cookie: str, now: list[float]
) -> None:
    for _ in range(3):
        now[0] += IDLE_SECONDS // 3 - 1
        assert sessions.find(cookie, looked=False)
    now[0] += 61
    assert sessions.find(cookie) is None


def test_whoever_signs_in_at_one_machine_is_known_at_the_other_until_the_sign_out(machines) -> None:
    here, there = (
        Sessions(each.database, Accounts(each.database, each.keys.second_factor), lambda: 1_800_000_000.0)
        for each in machines
    )
    cookie = here.begin(here._accounts.make("Ann", [Role.ADMINISTRATOR]))
    found = there.find(cookie)
    assert found is not None
    assert (found.account.name, found.form_token) == ("Ann", here.find(cookie).form_token)
    there.end(cookie)
    assert here.find(cookie) is None
