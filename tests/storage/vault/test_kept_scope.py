from __future__ import annotations

from promptguard.model import DataClass, Original
from promptguard.storage.vault.kept_scope import KeptScope
from promptguard.storage.vault.rows import Kept, Originals

MAIL, NAME = "[EMAIL_ADDRESS_N4HX4G8J]", "[PERSON_3RTW8ZBK]"


def kept(text: str, expires: float = 10.0) -> Kept:
    return Kept(Original(text, DataClass.PERSONAL_DATA), expires)


def test_knows_what_was_read_until_it_expires() -> None:
    scope = KeptScope(Originals(3, {MAIL: kept("a"), NAME: kept("b", 20.0)}, {"one": 10.0, "two": 20.0}))
    assert (scope.revision, len(scope)) == (3, 2)
    assert [set(scope.known(now)) for now in (0.0, 10.0)] == [{MAIL, NAME}, {NAME}]
    assert [scope.blocked(now) for now in (0.0, 5.0, 10.0, 20.0)] == [
        {"one", "two"},
        {"one", "two"},
        {"two"},
        set(),
    ]


def test_what_was_given_before_stays_but_for_what_is_gone() -> None:
    scope = KeptScope(Originals(3, {MAIL: kept("a"), NAME: kept("b")}, {}))
    before = scope.known(0.0)
    scope.add({"[PERSON_22222222]": kept("c")})
    scope.replace(Originals(5, {NAME: kept("b"), "[PERSON_33333333]": kept("d")}, {"one": 10.0}))
    assert set(before) == {NAME}
    assert set(scope.known(0.0)) == {NAME, "[PERSON_33333333]"}
    assert (scope.revision, scope.blocked(0.0)) == (5, {"one"})


def test_adds_what_is_missing_while_the_database_is_away() -> None:
    scope = KeptScope(Originals(3, {MAIL: kept("a")}, {"one": 10.0}))
    scope.add_missing(Originals(-1, {MAIL: kept("a", 5.0), NAME: kept("b")}, {"two": 10.0}))
    assert scope.known(7.0) == {MAIL: kept("a").original, NAME: kept("b").original}
    assert (scope.revision, scope.blocked(0.0)) == (3, {"one", "two"})
