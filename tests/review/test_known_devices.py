import pytest

from promptguard.review.accounts import Accounts
from promptguard.review.known_devices import DEVICE_SECONDS, MAX_DEVICE_FAILURES, MAX_DEVICES
from promptguard.review.roles import Role

PASSWORD = "correct horse battery"


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def accounts(installation, now: list[float]) -> Accounts:
    return Accounts(installation.database, installation.keys.second_factor, lambda: now[0])


@pytest.fixture
def ann(accounts: Accounts):
    return accounts.use_link(accounts.make_link(), PASSWORD, name="Ann", roles=list(Role))


def fail(accounts: Accounts, times: int, device: str = "") -> None:
    for _ in range(times):
        assert accounts.sign_in("Ann", "wrong", "", device) is None


def test_whoever_guesses_from_elsewhere_does_not_lock_out_a_known_browser(accounts: Accounts, ann) -> None:
    device = accounts.devices.remember("", ann.id)
    fail(accounts, 20)
    assert accounts.sign_in("Ann", PASSWORD, "") is None
    assert accounts.sign_in("Ann", PASSWORD, "", "another") is None
    assert accounts.sign_in("Ann", PASSWORD, "", device) is not None
    assert accounts.sign_in("Ann", PASSWORD, "") is None  # those from elsewhere gain nothing by it


def test_a_known_browser_cannot_guess_without_end(accounts: Accounts, ann) -> None:
    device = accounts.devices.remember("", ann.id)
    fail(accounts, MAX_DEVICE_FAILURES, device)
    assert not accounts.devices.is_known(device)
    fail(accounts, 5, device)
    assert accounts.sign_in("Ann", PASSWORD, "", device) is None


def test_a_browser_is_known_for_one_account(accounts: Accounts, ann) -> None:
    bob = accounts.make("Bob", [Role.ANALYST])
    device = accounts.devices.remember("", bob.id)
    fail(accounts, 5, device)
    assert accounts.sign_in("Ann", PASSWORD, "", device) is None
    assert accounts.devices.remember(device, bob.id) == device
    assert accounts.devices.remember(device, ann.id) != device


@pytest.mark.parametrize("change", ["password", "locked out", "time", "many others"])
def test_a_browser_is_forgotten(accounts: Accounts, ann, now: list[float], change: str) -> None:
    device = accounts.devices.remember("", ann.id)
    if change == "password":
        accounts.use_link(accounts.make_link(ann.id), PASSWORD + "!")
    elif change == "locked out":
        accounts.make("Bob", [Role.ADMINISTRATOR])
        accounts.change(ann.id, disabled=True)
    elif change == "time":
        now[0] += DEVICE_SECONDS
    else:
        now[0] += 1
        for _ in range(MAX_DEVICES):
            accounts.devices.remember("", ann.id)
    assert not accounts.devices.is_known(device)


def test_the_cookie_does_not_stand_in_the_database(accounts: Accounts, ann, installation) -> None:
    device = accounts.devices.remember("", ann.id)
    assert device.encode() not in b"".join(path.read_bytes() for path in installation.folder.glob("review.db*"))
