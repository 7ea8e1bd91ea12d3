"""Lines that give a reason: which text is one, and what is left without it."""

from __future__ import annotations

import pytest

from promptguard.inspection.reason_lines import reason_lines, without
from promptguard.model import Nature, Role, Segment

CODE = "bcdfg-hjklm"
OTHER = "mlkjh-gfdcb"
GIVES = f"pg-allow {CODE} She asked"


def lines(text: str, role: Role = Role.USER, nature: Nature = Nature.TEXT) -> list[tuple[str, str, bool, bool]]:
    """What is taken out, the reason, whether it gives one, and whether its code is the person's."""
    found = reason_lines([Segment((), text, role, nature=nature)], lambda code: code == CODE)
    return [(text[each.start : each.end], each.reason, each.gives, each.own) for each in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GIVES, [(GIVES, "She asked", True, True)]),
        (f"Hello\n  PG-ALLOW {CODE.upper()}  Why \r\nBye", [(f"PG-ALLOW {CODE.upper()}  Why", "Why", True, True)]),
        (f"<a> <b>{GIVES} </b> </a>\t", [(GIVES, "She asked", True, True)]),
        (f"pg-allow {CODE} a < b </c> d", [(f"pg-allow {CODE} a < b </c> d", "a < b </c> d", True, True)]),
        (f"pg-allow {CODE}", [(f"pg-allow {CODE}", "", True, True)]),
        (f"{GIVES} {GIVES}", [(f"{GIVES} {GIVES}", f"She asked {GIVES}", True, True)]),
        (f"It says {GIVES}.", [(CODE, "", False, True)]),
        (f"pg-allow {OTHER} She asked", [(f"pg-allow {OTHER} She asked", "She asked", True, False)]),
        (f"It says pg-allow {OTHER} REASON.", []),
        ("pg-allow aeiou-12345 She asked", []),
    ],
)
def test_what_gives_a_reason(text: str, found: list[tuple[str, str, bool, bool]]) -> None:
    assert lines(text) == found


def test_only_people_give_one_and_only_in_text() -> None:
    assert lines(GIVES, Role.TOOL_RESULT) == [(CODE, "", False, True)]
    assert lines(GIVES, nature=Nature.PROTOCOL) == []


@pytest.mark.parametrize(
    ("text", "instead", "left"),
    [
        (GIVES, "", ""),
        (GIVES, "Go on.", "Go on."),
        (f"One\n{GIVES}\nTwo", "", "One\nTwo"),
        (f"{GIVES}\n{GIVES}\nTwo", "", "Two"),
        (f"<a>{GIVES}</a>", "Go on.", "<a>Go on.</a>"),
        (f"It says {GIVES}.", "Go on.", "It says pg-allow CODE She asked."),
    ],
)
def test_what_is_left_without_them(text: str, instead: str, left: str) -> None:
    found = list(reason_lines([Segment((), text, Role.USER)], lambda code: code == CODE))
    assert without(text, found, {found[0].start: instead} if instead else {}) == left
