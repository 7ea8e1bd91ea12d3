import pytest
from tests.review.incidents.conftest import BEGIN

from promptguard.review.incidents.senders import PageMessage


@pytest.fixture
def message() -> PageMessage:
    return PageMessage(
        id="in-1234.1.10.on-call",
        incident="in-1234",
        kind="data_exposed",
        title="Data <was> sent & lost",
        began=BEGIN,
        opened=BEGIN + 60,
        due=BEGIN + 900,
        minute=10,
        number=2,
        of=3,
        link="https://guard.example.com/incidents/in-1234",
    )
