import json

import pytest
from tests.samples.authenticator import PRESENT, Authenticator, encoded

from promptguard.console.passkeys import CHALLENGE_SECONDS, Ceremonies, Site
from promptguard.review.accounts import Accounts, NotPossible
from promptguard.review.passkeys import Passkeys
from promptguard.review.roles import Role
from promptguard.review.tickets import Tickets

SITE = Site("localhost:8081")


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def ceremonies(installation, now: list[float]) -> Ceremonies:
    return Ceremonies(Passkeys(installation.database), Tickets(installation.database, bytes(32), lambda: now[0]))


@pytest.fixture
def ann(installation):
    return Accounts(installation.database, bytes(32)).make("Ann", [Role.ANALYST])


def added(ceremonies: Ceremonies, account, key: Authenticator) -> Authenticator:
    found = ceremonies.checked_new(key.create(ceremonies.to_add(account, SITE)), account, SITE)
    ceremonies.passkeys.add(account.id, "laptop", *found)
    return key


def test_a_passkey_signs_in_as_often_as_it_is_asked(ceremonies: Ceremonies, ann) -> None:
    key = added(ceremonies, ann, Authenticator())
    for account in (None, ann, None):
        found = ceremonies.checked(key.get(ceremonies.to_sign_in(SITE, account)), SITE)
        assert (found.account, found.name) == (ann.id, "laptop")


def test_what_is_asked_wants_the_person_to_be_verified(ceremonies: Ceremonies, ann) -> None:
    added(ceremonies, ann, Authenticator())
    new, alone, second = (
        json.loads(options)
        for options in (
            ceremonies.to_add(ann, SITE),
            ceremonies.to_sign_in(SITE),
            ceremonies.to_sign_in(SITE, ann),
        )
    )
    assert new["authenticatorSelection"]["userVerification"] == alone["userVerification"] == "required"
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["rp"]["id"] == alone["rpId"] == "localhost"
    assert len(new["excludeCredentials"]) == len(second["allowCredentials"]) == 1
    assert not alone.get("allowCredentials")


WRONG = {
    "another origin": {"origin": "https://evil.example"},
    "another port": {"origin": "http://localhost:9999"},
    "another site": {"site": "evil.example"},
    "nobody was seen": {"flags": PRESENT},
    "nobody was there": {"flags": 0},
    "another person": {"user": encoded(b"somebody")},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_bad_assertion_is_refused(ceremonies: Ceremonies, ann, wrong) -> None:
    key = added(ceremonies, ann, Authenticator())
    for name, value in wrong.items():
        setattr(key, name, value)
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(ceremonies.to_sign_in(SITE)), SITE)


@pytest.mark.parametrize("wrong", [each for each in WRONG.values() if "user" not in each])
def test_a_bad_new_passkey_is_refused(ceremonies: Ceremonies, ann, wrong) -> None:
    key = Authenticator()
    for name, value in wrong.items():
        setattr(key, name, value)
    with pytest.raises(NotPossible):
        added(ceremonies, ann, key)


def test_a_challenge_is_answered_once_in_its_time_and_for_its_purpose(
    ceremonies: Ceremonies, ann, now: list[float]
) -> None:
    key = added(ceremonies, ann, Authenticator())
    options = ceremonies.to_sign_in(SITE)
    ceremonies.checked(key.get(options), SITE)
    late, adding = ceremonies.to_sign_in(SITE), ceremonies.to_add(ann, SITE)
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(options), SITE)
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(adding), SITE)
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(json.dumps({"challenge": encoded(b"of our own")})), SITE)
    now[0] += CHALLENGE_SECONDS
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(late), SITE)


def test_a_copy_of_a_passkey_is_noticed_by_its_count(ceremonies: Ceremonies, ann) -> None:
    key = added(ceremonies, ann, Authenticator())
    key.counter = 7
    ceremonies.checked(key.get(ceremonies.to_sign_in(SITE)), SITE)
    key.counter = 3
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(ceremonies.to_sign_in(SITE)), SITE)


def test_a_passkey_that_nobody_added_is_refused(ceremonies: Ceremonies, ann, installation) -> None:
    mine, other = added(ceremonies, ann, Authenticator()), Authenticator()
    with pytest.raises(NotPossible):
        ceremonies.checked(other.get(ceremonies.to_sign_in(SITE)), SITE)
    other.id = mine.id  # with another key
    other.user = encoded(ann.id.encode())
    with pytest.raises(NotPossible):
        ceremonies.checked(other.get(ceremonies.to_sign_in(SITE)), SITE)


def test_the_second_step_is_for_the_account_whose_password_it_was(ceremonies: Ceremonies, ann, installation) -> None:
    eve = Accounts(installation.database, bytes(32)).make("Eve", [Role.ANALYST])
    key = added(ceremonies, eve, Authenticator())
    with pytest.raises(NotPossible):
        ceremonies.checked(key.get(ceremonies.to_sign_in(SITE, ann)), SITE)
    with pytest.raises(NotPossible):
        ceremonies.checked_new(Authenticator().create(ceremonies.to_add(ann, SITE)), eve, SITE)


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", "null", '{"response": {}}', '{"response": {"clientDataJSON": 7}}', "x" * 20_000]
)
def test_what_is_no_answer_is_refused(ceremonies: Ceremonies, ann, answer: str) -> None:
    with pytest.raises(NotPossible):
        ceremonies.checked(answer, SITE)
    with pytest.raises(NotPossible):
        ceremonies.checked_new(answer, ann, SITE)


@pytest.mark.parametrize(
    ("host", "name", "origins", "has"),
    [
        ("localhost:8081", "localhost", ["https://localhost:8081", "http://localhost:8081"], True),
        ("guard.example.com", "guard.example.com", ["https://guard.example.com"], True),
        ("127.0.0.1:8081", "127.0.0.1", ["https://127.0.0.1:8081"], False),
        ("[::1]:8081", "::1", ["https://[::1]:8081"], False),
    ],
)
def test_passkeys_are_for_names(host: str, name: str, origins: list[str], has: bool) -> None:
    site = Site(host)
    assert (site.name, site.origins, site.has_passkeys) == (name, origins, has)
