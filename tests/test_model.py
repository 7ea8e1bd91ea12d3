import itertools

import pytest

from promptguard.model import NO_AGREEMENT, Action, DataHandling, Restoration


def test_actions_are_ordered_from_the_mildest_to_the_strictest() -> None:
    order = [Action.ALLOW, Action.NOTIFY, Action.REDACT, Action.JUSTIFY, Action.BLOCK]
    assert all(mild.severity < strict.severity for mild, strict in itertools.pairwise(order))
    assert set(order) == set(Action)


def test_a_restoration_without_originals_is_false() -> None:
    assert not Restoration({})
    assert Restoration({"[A_BCDFGHJK]": "a"})


@pytest.mark.parametrize(
    ("handling", "stated"),
    [
        (DataHandling(), ()),
        (DataHandling(trains_on_prompts=False, retention_days=0), ("retention_days=0", "trains_on_prompts=no")),
        (DataHandling(region="EU = 27, US", agreement=NO_AGREEMENT), ("agreement=no", "region=EU = 27, US")),
        (DataHandling(trains_on_prompts=True, agreement="yes"), ("agreement=yes", "trains_on_prompts=yes")),
    ],
)
def test_what_is_stated_of_data_handling_is_read_again(handling: DataHandling, stated: tuple[str, ...]) -> None:
    assert handling.stated == stated
    assert DataHandling.of_statements(stated) == handling


@pytest.mark.parametrize("statement", ["", "training=yes", "trains_on_prompts=maybe", "retention_days=", "agreement"])
def test_what_is_no_statement_is_refused(statement: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        DataHandling.of_statements([statement])


@pytest.mark.parametrize(
    ("region", "regions"), [(None, ()), (" , ", ()), ("EU", ("EU",)), ("EU, US; UK", ("EU", "US", "UK"))]
)
def test_regions_one_by_one(region: str | None, regions: tuple[str, ...]) -> None:
    assert DataHandling(region=region).regions == regions


@pytest.mark.parametrize(
    ("known", "there"),
    [
        (DataHandling(trains_on_prompts=False, agreement="https://a.example/dpa"), DataHandling()),
        (DataHandling(trains_on_prompts=True, agreement=NO_AGREEMENT, region="EU"), None),
    ],
)
def test_what_the_company_agreed_holds_at_no_other_account(known: DataHandling, there: DataHandling | None) -> None:
    assert known.of_other_account() == (there or known)
