import itertools

from promptguard.model import Action, Restoration


def test_actions_are_ordered_from_the_mildest_to_the_strictest() -> None:
    order = [Action.ALLOW, Action.NOTIFY, Action.REDACT, Action.JUSTIFY, Action.BLOCK]
    assert all(mild.severity < strict.severity for mild, strict in itertools.pairwise(order))
    assert set(order) == set(Action)


def test_a_restoration_without_originals_is_false() -> None:
    assert not Restoration({})
    assert Restoration({"[A_BCDFGHJK]": "a"})
