from __future__ import annotations

from promptguard.authentication.remembered import Remembered


def test_answers_are_of_one_user_and_password() -> None:
    kept = Remembered[str]()
    kept.put("ada", "correct", "yes")
    assert kept.get("ada", "correct") == "yes"
    assert [kept.get(*other) for other in (("ada", "wrong"), ("adac", "orrect"), ("ad", "acorrect"))] == [None] * 3


def test_answers_expire() -> None:
    now = [0.0]
    kept = Remembered[str](lambda: now[0])
    kept.put("ada", "x", "yes", 5)
    now[0] = 4.9
    assert kept.get("ada", "x") == "yes"
    now[0] = 5.0
    assert kept.get("ada", "x") is None


def test_the_one_that_was_used_longest_ago_goes_first() -> None:
    kept = Remembered[int](limit=2)
    kept.put("a", "", 1)
    kept.put("b", "", 2)
    assert kept.get("a", "") == 1
    kept.put("c", "", 3)
    assert [kept.get(user, "") for user in "abc"] == [1, None, 3]
