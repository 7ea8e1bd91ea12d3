from __future__ import annotations

import pytest

from promptguard.model import Role
from promptguard.wire.formats.turns import newest_turn, voice

LETTERS = {
    "s": Role.SYSTEM,
    "u": Role.USER,
    "a": Role.ASSISTANT,
    "c": Role.TOOL_CALL,
    "t": Role.TOOL_RESULT,
}


@pytest.mark.parametrize(
    ("roles", "start"),
    [
        ("", 0),
        ("u", 0),
        ("su", 0),
        ("suau", 3),
        ("suaus", 3),
        ("suatt", 3),
        ("uau", 2),
        ("uauaua", 4),  # the last message is the beginning of the answer, put into the model's mouth
        ("ua", 0),
        ("ucct", 3),
        ("ucctu", 3),
        ("a", 0),
        ("au", 1),
        ("sa", 0),
    ],
)
def test_newest_turn(roles: str, start: int) -> None:
    assert newest_turn([LETTERS[letter] for letter in roles]) == start


@pytest.mark.parametrize(
    ("name", "role"),
    [("user", Role.USER), ("CHATBOT", Role.ASSISTANT), ("nobody", Role.USER), (None, Role.USER), ({}, Role.USER)],
)
def test_voice(name: object, role: Role) -> None:
    assert voice(name) is role
