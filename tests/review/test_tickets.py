import pytest

from promptguard.review.tickets import Tickets


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def tickets(installation, now: list[float]) -> Tickets:
    return Tickets(installation.database, bytes(32), lambda: now[0])


def test_a_ticket_is_taken_once(tickets: Tickets) -> None:
    ticket = tickets.make("sign-in", "held", seconds=60)
    assert tickets.held("sign-in", ticket) == tickets.held("sign-in", ticket) == "held"
    assert [tickets.take("sign-in", ticket) for _ in range(2)] == [True, False]
    assert tickets.make("sign-in", "held", seconds=60) != ticket
    assert "held" not in ticket


def test_a_ticket_lasts_for_its_time(tickets: Tickets, now: list[float]) -> None:
    ticket = tickets.make("sign-in", "held", seconds=60)
    now[0] += 60
    assert tickets.held("sign-in", ticket) is None
    assert not tickets.take("sign-in", ticket)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t + "=", lambda t: "é", lambda t: ""]
)
def test_a_changed_ticket_is_none(tickets: Tickets, change) -> None:
    changed = change(tickets.make("sign-in", "held", seconds=60))
    assert tickets.held("sign-in", changed) is None
    assert not tickets.take("sign-in", changed)


def test_a_ticket_is_for_one_purpose_and_one_installation(tickets: Tickets, installation) -> None:
    ticket = tickets.make("sign-in", "held", seconds=60)
    assert tickets.held("another", ticket) is None
    assert Tickets(installation.database, bytes(31) + b"1").held("sign-in", ticket) is None


def test_two_texts_are_never_the_same_ticket(tickets: Tickets) -> None:
    ticket = tickets.make("sign-in", "held!", seconds=60)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert [each for each in alphabet if tickets.held("sign-in", ticket[:-1] + each)] == [ticket[-1]]
