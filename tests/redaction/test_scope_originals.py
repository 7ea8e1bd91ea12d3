from __future__ import annotations

import random

import pytest

from promptguard.model import DataClass, Original, Segment
from promptguard.redaction.issued import Issued
from promptguard.redaction.known import Known
from promptguard.redaction.placeholders import ALPHABET
from promptguard.redaction.recall import recall
from promptguard.redaction.scope_originals import Part, ScopeOriginals

MAIL, NAME, PHONE = "[EMAIL_ADDRESS_N4HX4G8J]", "[PERSON_3RTW8ZBK]", "[PHONE_NUMBER_22222222]"


def original(text: str) -> Original:
    return Original(text, DataClass.PERSONAL_DATA)


def test_what_comes_later_is_not_seen() -> None:
    scope = ScopeOriginals()
    scope.put(MAIL, original("ana@corp.example"), 10.0)
    before = Known(Part(scope, len(scope), 0.0))
    scope.put(NAME, original("Ana Berg"), 10.0)
    after = Known(Part(scope, len(scope), 0.0))
    assert (set(before), set(after)) == ({MAIL}, {MAIL, NAME})
    assert [known.texts.begins_code("3RT") for known in (before, after)] == [False, True]
    assert [known.texts.placeholders("3RTW8ZBK") for known in (before, after)] == [[], [NAME]]
    assert [known.texts.has_original("Ana Berg") for known in (before, after)] == [False, True]
    assert [bool(recall_in("Ask Ana Berg.", known.texts)) for known in (before, after)] == [False, True]


def test_what_is_issued_again_lasts_for_those_who_had_it() -> None:
    scope = ScopeOriginals()
    scope.put(MAIL, original("ana@corp.example"), 10.0)
    scope.put(NAME, original("Ana Berg"), 10.0)
    known = Known(Part(scope, len(scope), 0.0))
    scope.put(MAIL, original("ana@corp.example"), 20.0)
    assert dict(known.texts) == {MAIL: "ana@corp.example", NAME: "Ana Berg"}
    assert set(Known(Part(scope, len(scope), 15.0))) == {MAIL}
    assert len(scope) == 2


def test_what_expires_or_is_gone_is_not_seen() -> None:
    scope = ScopeOriginals()
    scope.put(MAIL, original("a@b.example"), 10.0)
    scope.put(NAME, original("Ana Berg"), 20.0)
    scope.index()
    assert [set(Known(Part(scope, 2, now))) for now in (9.0, 10.0, 20.0)] == [{MAIL, NAME}, {NAME}, set()]
    assert [bool(Known(Part(scope, 2, now))) for now in (9.0, 20.0)] == [True, False]
    scope.forget(NAME)
    scope.forget(PHONE)
    issued = Issued(parts=[Part(scope, 2, 0.0)])
    assert set(issued) == {MAIL}
    assert not issued.begins_code("3RT")
    assert not issued.has_original("Ana Berg")
    assert not recall_in("Ask Ana Berg.", issued)


def test_another_text_of_a_placeholder_counts() -> None:
    scope = ScopeOriginals({NAME: original("Ana Berg")})
    scope.index()
    scope.put(NAME, original("Bo Lind"))
    issued = Issued(parts=[Part(scope, len(scope))])
    assert issued[NAME] == "Bo Lind"
    assert [issued.has_original(text) for text in ("Ana Berg", "Bo Lind")] == [False, True]
    assert [bool(recall_in(text, issued)) for text in ("Ana Berg", "Bo Lind")] == [False, True]


@pytest.mark.parametrize("at_once", [False, True])
def test_many_are_found_as_few_are(at_once: bool) -> None:
    pick = random.Random(1)
    names = {
        f"[PERSON_{''.join(pick.choices(ALPHABET, k=8))}]": original(f"Given{number % 17} Surname{number}")
        for number in range(500)
    }
    scope = ScopeOriginals()
    for placeholder, each in names.items():
        scope.put(placeholder, each)
        if not at_once:
            scope.index()
    issued = Issued(parts=[Part(scope, len(scope))])
    for placeholder, each in names.items():
        code = placeholder[-9:-1]
        assert issued.placeholders(code) == [placeholder]
        assert issued.begins_code(code[:7])
        assert [found.placeholder for found in recall_in(f"by {each.text}!", issued)] == [placeholder]


def test_to_ask_costs_the_same_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one request does with a scope goes through none of it."""
    scope = ScopeOriginals(
        {
            f"[PERSON_{number:08d}]".replace("0", "B").replace("1", "C"): original(f"Ana Berg{number}")
            for number in range(200)
        }
    )
    scope.index()
    monkeypatch.setattr(Part, "all", None)
    known = Known(Part(scope, len(scope)))
    issued = Issued.of(known.texts)
    issued.update({MAIL: "ana@corp.example"})
    assert known and issued and MAIL in issued and MAIL not in known.texts
    assert not recall_in("Ask Bo.", issued)
    assert not issued.begins_code("Z9")


def recall_in(text: str, issued: Issued) -> list[object]:
    return list(recall([Segment((), text)], issued, lambda _: False, lambda _: ()))
