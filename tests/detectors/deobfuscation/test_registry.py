import dataclasses

import pytest

from promptguard.detectors.deobfuscation.interface import ENCODINGS, SPELLING, Confidence, Obfuscation, Stage
from promptguard.detectors.deobfuscation.registry import checked, obfuscations, stages, telling_kinds


def made(name: str, stage: Stage) -> Obfuscation:
    return Obfuscation(name, stage, (), lambda _text, _starts, _budget: iter(()))


def test_stages_follow_each_other_and_hold_all_that_is_found() -> None:
    orders = [stage.order for stage, _ in stages()]
    assert orders == sorted(set(orders))
    assert [each for _, group in stages() for each in group] == list(obfuscations())
    assert {"encoded", "leetspeak", "rotated"} <= {each.name for each in obfuscations()}


def test_the_order_is_that_of_stages_and_names_whatever_the_order_of_modules() -> None:
    b, a, first = made("b", SPELLING), made("a", SPELLING), made("z", ENCODINGS)
    assert checked([b, a, first]) == checked([first, a, b]) == (first, a, b)


def test_what_a_module_imports_from_another_counts_once() -> None:
    one = made("one", SPELLING)
    assert checked([one, one]) == (one,)


def test_names_are_taken_once() -> None:
    with pytest.raises(ValueError, match="two obfuscations have one name"):
        checked([made("one", SPELLING), made("one", ENCODINGS)])


def test_one_order_has_one_confidence() -> None:
    other = dataclasses.replace(SPELLING, confidence=Confidence.JOINED)
    with pytest.raises(ValueError, match="different confidence"):
        checked([made("one", SPELLING), made("two", other)])


def test_kinds_that_tell() -> None:
    assert "leetspeak" in telling_kinds()
    assert "base64" not in telling_kinds()
