from pathlib import Path

import pytest

from promptguard.notices.story import StoryTeller, may_go_elsewhere
from promptguard.notices.templates import Templates
from promptguard.typed_yaml.reading import load

NOTICES = Path(__file__).parents[2] / "config" / "notices"


def finding(entity_type: str, data_class: str, fingerprint: str, **more: str) -> dict[str, object]:
    made = {"entity_type": entity_type, "data_class": data_class, "fingerprint": fingerprint, "action": "block"}
    return {"role": "user", "position": "new", **made, **more}


def event(action: str, *findings: dict[str, object], **more: str) -> dict[str, object]:
    about = {"id": "pg-1", "destination": "chat", "rule": "a", "reason": "A rule.", "problem": "", "adjusted": ""}
    return {**about, "action": action, "findings": list(findings), **more}


MAIL = finding("EMAIL_ADDRESS", "personal_data", "a")
TOKEN = finding("GITHUB_TOKEN", "credentials", "b")


@pytest.mark.parametrize(
    ("told", "became", "found", "next"),
    [
        (event("allow"), "It was sent as it is.", [], "Nothing. Work on"),
        (event("block", TOKEN), "Nothing of it was sent.", ["1 GitHub token in your message: not sent"], "revoke"),
        (
            event("block", MAIL, MAIL, finding("EMAIL_ADDRESS", "personal_data", "c", position="history")),
            "Nothing of it was sent.",
            [
                "1 e-mail address in your message: not sent",
                "1 e-mail address in the conversation so far: not sent",
            ],
            "edit or undo",
        ),
        (
            event("redact", MAIL | {"action": "redact"}, TOKEN | {"action": "allow", "role": "file"}),
            "replaced by placeholders",
            ["1 e-mail address in your message: replaced by a placeholder", "1 GitHub token in an attached file: sent"],
            "revoke",
        ),
        (event("notify", MAIL), "It was sent as it is.", ["1 e-mail address in your message: sent"], "Nothing."),
        (event("justify", MAIL), "it needs a reason first", ["1 e-mail address in your message: not sent"], "take it"),
        (
            event("block", problem="file.encrypted kind=pdf"),
            "Nothing of it was sent.",
            [],
            "without its password",
        ),
        (event("justify", MAIL), "it needs a reason first", ["1 e-mail address in your message: not sent"], "below"),
        (event("justify"), "it needs a reason first", [], "To have it sent all the same"),
        # Stopped for where it went, or by an order: nobody is told to work on, or that taking something out would help.
        (event("block"), "Nothing of it was sent.", [], "Do not send it again"),
        (
            event("block", MAIL | {"action": "allow"}),
            "Nothing of it was sent.",
            ["1 e-mail address in your message: not sent"],
            "Do not send it again",
        ),
        (event("block", rule="stop:or-1"), "Nothing of it was sent.", [], "Do not send it again"),
        (
            event("block", MAIL, rule="suspension:or-1"),
            "Nothing of it was sent.",
            ["1 e-mail address in your message: not sent"],
            "Do not send it again",
        ),
        (
            event("block", MAIL, adjusted='acknowledgement.needed document=p version="1" identity_class=employee'),
            "Nothing of it was sent.",
            ["1 e-mail address in your message: not sent"],
            "Read the document below",
        ),
    ],
)
def test_it_tells_what_left_and_what_did_not(told, became, found, next) -> None:
    teller = StoryTeller(load(NOTICES / "en.yaml", Templates), None, {"chat": "A Chat"})
    story = teller.tell(told, "today")
    assert story.when == "today, to A Chat. Decision pg-1."
    assert became in story.became
    assert [f"{each.what} {each.where}: {each.became}" for each in story.found] == found
    assert next in " ".join(story.next)
    assert "A rule." in story.why


@pytest.mark.parametrize(
    ("told", "elsewhere"),
    [
        (event("block"), True),
        (event("block", MAIL), True),
        (event("justify", MAIL, TOKEN | {"action": "redact"}), True),
        (event("block", MAIL, TOKEN), False),
        (event("allow", MAIL), False),
        (event("block", rule="stop:or-1"), True),
        (event("block", MAIL | {"rule": "stop:or-1"}, rule="stop:or-1"), False),
        (event("block", rule="suspension:or-1"), False),
        (event("block", adjusted="acknowledgement.needed"), False),
    ],
)
def test_when_other_tools_are_named(told, elsewhere: bool) -> None:
    assert may_go_elsewhere(told) is elsewhere


def test_other_tools_are_named_by_their_names() -> None:
    teller = StoryTeller(load(NOTICES / "en.yaml", Templates), None, {"chat": "A Chat", "b": "Bee", "c": "Cee"})
    story = teller.tell(event("block"), "today", ("b", "c", "gone"))
    assert story.next[-1] == "Approved for this kind of work: Bee and Cee."


def test_it_speaks_the_language_of_the_notices() -> None:
    teller = StoryTeller(load(NOTICES / "de.yaml", Templates), "die IT", {})
    story = teller.tell(event("block", TOKEN), "heute")
    assert teller.language == "de"
    assert (story.became, story.found[0].became) == ("Es wurde nichts davon gesendet.", "nicht gesendet")
    assert "die IT" in teller.gone
