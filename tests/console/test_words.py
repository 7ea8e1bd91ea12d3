import pytest

from promptguard.model import Action
from promptguard.review.roles import Role

WORDS = "it was hunter2, for once"


@pytest.mark.parametrize(
    ("path", "fields", "kept"),
    [
        ("verdict", {"right": "no", "comment": WORDS}, lambda console, id: console.verdicts.of(id)[0].comment),
        (
            "false-alarm",
            {"value": "0", "reason": WORDS, "days": "9"},
            lambda console, _: console.false_alarms.all()[0].reason,
        ),
    ],
)
def test_what_is_found_in_words_is_masked(path, fields, kept, console, installation, make_event, somebody) -> None:
    (event,) = installation.take_up(make_event(action=Action.BLOCK, found=["EMAIL_ADDRESS"]))
    assert somebody(Role.ANALYST).submit(f"/decision/{event.id}/{path}", **fields).status_code == 303
    assert kept(console, event.id) == "it was [PASSWORD], for once"
