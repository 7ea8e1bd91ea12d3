import pytest

from promptguard.errors import PromptGuardError
from promptguard.review.ledger import Act, Ledger
from promptguard.review.roles import Role


@pytest.mark.parametrize("path", ["/", "/decisions", "/decisions/export?form=csv", "/decision/{id}", "/ledger"])
def test_what_cannot_be_noted_is_not_shown(path: str, somebody, installation, make_event, monkeypatch) -> None:
    (event,) = installation.take_up(make_event(found=["EMAIL_ADDRESS"]))
    person = somebody(*Role)

    def full(*_: object, **__: object) -> None:
        raise PromptGuardError("The disk is full.")

    monkeypatch.setattr(Ledger, "note", full)
    answer = person.get(path.replace("{id}", event.id))
    assert answer.status_code == 503
    assert "The disk is full." in answer.text
    assert event.id not in answer.text


def test_each_look_is_in_the_ledger(somebody, installation, make_event, console) -> None:
    (event,) = installation.take_up(make_event(found=["EMAIL_ADDRESS"]))
    person = somebody(Role.ANALYST, name="Ann")
    person.get("/")
    person.get("/decisions?action=block&since=2026-01-01")
    person.get(f"/decision/{event.id}")
    person.get("/decisions/export?form=jsonl&rule=x")
    person.get(f"/look-up?id={event.id.lower()}")
    seen = [(entry.name, entry.act, entry.object, dict(entry.detail)) for entry in reversed(console.ledger.entries())]
    assert seen == [
        ("Ann", Act.PASSWORD_CHOSEN, "", {}),
        ("Ann", Act.SAW_COUNTS, "", {"period": "week", "incidents": "open"}),
        ("Ann", Act.LISTED, "", {"filter": "action=block&since=2026-01-01"}),
        ("Ann", Act.SAW_DECISION, event.id, {}),
        ("Ann", Act.EXPORTED, "", {"form": "jsonl", "filter": "rule=x"}),
        ("Ann", Act.LOOKED_UP, event.id, {}),
    ]
