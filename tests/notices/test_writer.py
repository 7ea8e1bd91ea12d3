from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Decision,
    Destination,
    Finding,
    Identity,
    Inspection,
    Kind,
    Notice,
    Position,
    Prompt,
    Purpose,
    Role,
    Ruling,
    Segment,
    Status,
)
from promptguard.notices.page import refuse_page
from promptguard.notices.templates import Templates
from promptguard.notices.writer import NoticeWriter
from promptguard.reasons import Code, Reason
from promptguard.typed_yaml.reading import load

FOLDER = Path(__file__).parents[2] / "config" / "notices"
VALUE = "anna.planted@example.org"

SEGMENTS = (
    Segment((0,), VALUE, Role.USER),
    Segment((1,), VALUE, Role.TOOL_RESULT),
    Segment((2,), VALUE, Role.USER, Position.HISTORY),
    Segment((3,), VALUE, Role.FILE),
    Segment((4,), VALUE, Role.URL),
)


@pytest.fixture(scope="module")
def writer() -> NoticeWriter:
    return NoticeWriter(
        load(FOLDER / "en.yaml", Templates), "Sam, +44 20 7946 0000", {"ours": "Our Tool", "second": "Second Tool"}
    )


def at(status: Status = Status.UNREVIEWED, *alternatives: str, problem: Reason | None = None) -> Circumstances:
    destination = Destination(
        "chat", "Some Chat", ("chat.example",), Kind.WEB_CHAT, status, alternatives=alternatives or ("ours", "second")
    )
    inspection = Inspection.NOT_INSPECTED if problem else Inspection.INSPECTED
    return Circumstances(Identity("anna", "p_1"), destination, Purpose.PROMPT, inspection, problem)


def prompt() -> Prompt:
    return Prompt(at().destination, Purpose.PROMPT, "generic", SEGMENTS)


def mail(segment: int = 0, value: str = "v") -> Finding:
    return Finding(segment, 0, len(VALUE), "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.9, "EmailRecognizer", value)


def key(segment: int = 0, value: str = "k", what: str = "GITHUB_TOKEN") -> Finding:
    return Finding(segment, 0, len(VALUE), what, DataClass.CREDENTIALS, 0.9, "Tokens", value)


def decision(*actions: Action, action: Action = Action.BLOCK, enforced: bool = True) -> Decision:
    rulings = tuple(Ruling(each, "rule", "The reason.", enforced) for each in actions)
    return Decision(action, "rule", "The reason.", rulings)


def test_a_blocked_request(writer: NoticeWriter) -> None:
    notice = writer.refused("pg-1", decision(Action.BLOCK), at(), [mail()], prompt())
    assert notice.title == "This must not be sent here"
    assert notice.code == "promptguard_blocked"
    assert notice.decision_id == "pg-1"
    assert notice.text.split("\n\n") == [
        "Nothing was sent to Some Chat. PromptGuard stopped this request because it contains 1 e-mail address in your "
        "message.",
        "Why: The reason.",
        "What to do: take it out and send again, or describe the situation without the raw data. A good test: would "
        "you be comfortable if this text appeared in a public data breach?",
        "Approved for this kind of work: Our Tool and Second Tool.",
        "Questions, or a mistake? Ask Sam, +44 20 7946 0000, and name decision pg-1.",
    ]


def test_credentials_are_to_be_changed_first(writer: NoticeWriter) -> None:
    text = writer.refused("pg-1", decision(Action.BLOCK), at(), [key()], prompt()).text
    assert text.split("\n\n")[0].endswith(
        "1 GitHub token in your message. If you have sent it anywhere else, change or revoke it there first, then tell "
        "Sam, +44 20 7946 0000."
    )
    assert "revoke" not in writer.refused("pg-1", decision(Action.BLOCK), at(), [mail()], prompt()).text


def test_several_credentials_and_values_are_spoken_of_as_several(writer: NoticeWriter) -> None:
    both = [key(), key(value="other"), key()]
    text = writer.refused("pg-1", decision(*[Action.BLOCK] * 3), at(), both, prompt()).text
    assert "2 GitHub tokens" in text
    assert "If you have sent any of them anywhere else, change or revoke those first" in text
    assert "What to do: take them out" in text


def test_nothing_is_said_twice(writer: NoticeWriter) -> None:
    notices = [
        writer.refused("pg-1", decision(Action.BLOCK), at(), [key()], prompt()),
        writer.refused("pg-1", decision(Action.BLOCK), at(Status.PROHIBITED), [], prompt()),
        writer.refused("pg-1", decision(), at(problem=Reason(Code.JSON_INVALID)), [], None),
        writer.unavailable("pg-1", Reason(Code.START_PENDING)),
    ]
    for notice in notices:
        page = refuse_page(notice).body.decode()
        assert page.count("Nothing was sent") == page.count("pg-1") == 1


def test_an_adjusted_decision_says_so(writer: NoticeWriter) -> None:
    adjusted = replace(decision(Action.BLOCK), adjusted=Reason(Code.DECISION_NOT_REWRITABLE))
    text = writer.refused("pg-1", adjusted, at(), [mail()], prompt()).text
    assert "Why: The reason. This request cannot be changed without breaking it, so it is stopped instead.\n" in text


@pytest.mark.parametrize(("kind", "advice"), [("tar", "unpack"), ("email", "paste its text"), ("image", "write the")])
def test_what_helps_where_nothing_can_be_replaced_in_a_kind_of_file(
    writer: NoticeWriter, kind: str, advice: str
) -> None:
    adjusted = Reason(Code.DECISION_FILE_NOT_REWRITABLE, {"kind": kind})
    text = writer.refused("pg-1", replace(decision(Action.BLOCK), adjusted=adjusted), at(), [mail()], prompt()).text
    assert f"so it is stopped instead. What helps: {advice}" in text


def test_without_a_contact_the_language_has_words_for_one() -> None:
    writer = NoticeWriter(load(FOLDER / "en.yaml", Templates), None, {})
    text = writer.refused("pg-1", decision(Action.BLOCK), at(), [mail()], prompt()).text
    assert text.endswith("Questions, or a mistake? Ask your IT or security team, and name decision pg-1.")


def test_another_language() -> None:
    writer = NoticeWriter(load(FOLDER / "de.yaml", Templates), None, {})
    unread = at(problem=Reason(Code.FILE_ENCRYPTED, {"kind": "pdf", "within": "zip"}))
    notice = writer.refused("pg-1", decision(), unread, [], None)
    assert notice.language == "de"
    assert notice.text.startswith(
        "Es wurde nichts an Some Chat gesendet. PromptGuard konnte diese Anfrage nicht prüfen. Eine Datei ist "
        "verschlüsselt: PDF-Dokument in ZIP-Archiv."
    )
    both = [key(what="OPENAI_API_KEY"), mail()]
    text = writer.refused("pg-1", decision(*[Action.BLOCK] * 2), at(), both, prompt()).text
    assert "Gefunden: 1 API-Schlüssel von OpenAI und 1 E-Mail-Adresse in Ihrer Nachricht." in text


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", "“a.pdf” and “b.pdf”"),
        ("de", "„a.pdf“ und „b.pdf“"),
        ("fr", "«\u00a0a.pdf\u00a0» et «\u00a0b.pdf\u00a0»"),
        ("es", "«a.pdf» y «b.pdf»"),
        ("it", "«a.pdf» e «b.pdf»"),
        ("nl", "“a.pdf” en “b.pdf”"),
        ("da", "»a.pdf« og »b.pdf«"),
    ],
)
def test_names_of_files_stand_in_the_quotation_marks_of_the_language(language: str, named: str) -> None:
    writer = NoticeWriter(load(FOLDER / f"{language}.yaml", Templates), None, {})
    notice = writer.about_files(writer.proxy(), ["a.pdf", "/tmp/b.pdf"])
    assert named in notice.text


def test_only_what_stopped_the_request_is_to_be_removed(writer: NoticeWriter) -> None:
    both = [mail(), key()]
    text = writer.refused("pg-1", decision(Action.REDACT, Action.BLOCK), at(), both, prompt()).text
    assert "GitHub token" in text
    assert "e-mail address" not in text


def test_the_conversation_so_far_needs_an_edit(writer: NoticeWriter) -> None:
    assert "edit or undo" in writer.refused("pg-1", decision(Action.BLOCK), at(), [mail(2)], prompt()).text
    assert "edit or undo" not in writer.refused("pg-1", decision(Action.BLOCK), at(), [mail(0)], prompt()).text


@pytest.mark.parametrize(
    ("status", "findings"), [(Status.PROHIBITED, []), (Status.PROHIBITED, [mail()]), (Status.UNDER_REVIEW, [])]
)
def test_a_tool_that_must_not_be_used(writer: NoticeWriter, status: Status, findings: list[Finding]) -> None:
    blocked = decision(*[Action.BLOCK] * len(findings))
    text = writer.refused("pg-1", blocked, at(status), findings, prompt()).text
    assert text.startswith("Nothing was sent to Some Chat. This tool is not one that may be used for this.\n\nWhy: ")
    assert "take it out" not in text
    assert "Our Tool" in text


def test_a_request_that_could_not_be_read(writer: NoticeWriter) -> None:
    unread = at(problem=Reason(Code.FILE_ENCRYPTED, {"kind": "pdf", "within": "email/zip"}))
    notice = writer.refused("pg-1", decision(), unread, [], None)
    assert notice.code == "promptguard_not_inspected"
    assert notice.text.startswith(
        "Nothing was sent to Some Chat. PromptGuard could not check this request. A file is encrypted: "
        "a PDF document in a zip archive in an e-mail.\n\nWhy: The reason.\n\n"
        "What to do: send it without its password, or paste its text."
    )
    assert notice.text.endswith("name decision pg-1.")


def test_a_reason_is_asked_for(writer: NoticeWriter) -> None:
    held = decision(Action.JUSTIFY, action=Action.JUSTIFY)
    notice = writer.refused("pg-1", held, at(), [mail()], prompt())
    assert notice.title == "A reason is needed first"
    assert "needs a reason first" in notice.text


@pytest.mark.parametrize(
    ("status", "found", "told"),
    [
        (Status.UNREVIEWED, [], True),
        (Status.UNDER_REVIEW, [], True),
        (Status.UNREVIEWED, [mail()], False),  # the notice says what was found, and what to do about that
        (Status.PROHIBITED, [], False),
        (Status.APPROVED, [], False),
        (Status.PERSONAL_ACCOUNT, [], False),
    ],
)
def test_what_to_do_at_a_tool_that_is_not_approved(
    writer: NoticeWriter, status: Status, found: list[Finding], told: bool
) -> None:
    blocked = decision(*(Action.BLOCK for _ in found))
    text = writer.refused("pg-1", blocked, at(status), found, prompt()).text
    assert ("If you need this one, tell Sam" in text) is told, text


@pytest.mark.parametrize(("alternatives", "named"), [(("ours",), "Our Tool."), (("unknown",), None)])
def test_alternatives(writer: NoticeWriter, alternatives: tuple[str, ...], named: str | None) -> None:
    text = writer.refused("pg-1", decision(Action.BLOCK), at(Status.UNREVIEWED, *alternatives), [mail()], prompt()).text
    paragraphs = [each for each in text.split("\n\n") if each.startswith("Approved")]
    assert paragraphs == ([f"Approved for this kind of work: {named}"] if named else [])


def test_no_other_tool_is_named_where_the_data_class_is_stopped_at_all(writer: NoticeWriter) -> None:
    stopped = replace(decision(), rulings=(Ruling(Action.BLOCK, "stop:or-1", "The reason."),))
    text = writer.refused("pg-1", stopped, at(Status.UNREVIEWED, "ours"), [mail()], prompt()).text
    assert "Approved for this kind of work" not in text


@pytest.mark.parametrize("decision_id", ["pg-1", ""])
def test_unavailable(writer: NoticeWriter, decision_id: str) -> None:
    notice = writer.unavailable(decision_id, Reason(Code.START_PENDING))
    assert notice.code == "promptguard_unavailable"
    assert notice.text.startswith(
        "Nothing was sent. PromptGuard cannot check requests right now. It is still starting."
    )
    assert ("decision" in notice.text) is bool(decision_id)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([mail(), mail(value="w")], "redacted; id=pg-1; personal_data=2"),
        ([key(), mail(), mail(1)], "redacted; id=pg-1; personal_data=1; credentials=1"),
        ([], "redacted; id=pg-1"),
    ],
)
def test_header(writer: NoticeWriter, findings: list[Finding], expected: str) -> None:
    assert writer.header("redacted", "pg-1", findings) == expected


def test_redacted(writer: NoticeWriter) -> None:
    announcement = writer.redacted_announcement("pg-1", [mail(), mail(value="w")], prompt())
    assert announcement == (
        "PromptGuard replaced 2 e-mail addresses in your message before this was sent. Decision pg-1.\n\n"
    )
    notice = writer.redacted("pg-1", [mail(), mail(value="w")], prompt())
    assert (notice.text, notice.code) == (announcement, "promptguard_redacted")


def test_no_notice_holds_a_value(writer: NoticeWriter) -> None:
    findings = [mail(), key(1), mail(2, "x"), mail(3, "y"), mail(4, "z")]
    notices = [
        writer.refused("pg-1", decision(*[Action.BLOCK] * 5), at(), findings, prompt()),
        writer.redacted("pg-1", findings, prompt()),
    ]
    assert all(VALUE not in notice.text and "anna" not in notice.text for notice in notices)


def test_braces_in_names_are_text() -> None:
    writer = NoticeWriter(load(FOLDER / "en.yaml", Templates), "{contact} {0}", {"ours": "{tool}"})
    text = writer.refused("pg-1", decision(Action.BLOCK), at(), [mail()], prompt()).text
    assert "Ask {contact} {0}, and name" in text
    assert "work: {tool}." in text


@pytest.mark.parametrize(
    ("problem", "code", "seconds"),
    [
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 3}), "promptguard_busy", 3),
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 600}), "promptguard_busy", 60),
        (Reason(Code.NAMES_OVERLOADED), "promptguard_busy", 1),  # as another version recorded it
        (Reason(Code.NAMES_TIMEOUT, {"seconds": 30}), "promptguard_not_inspected", 0),
        (None, "promptguard_not_inspected", 0),
    ],
)
def test_programs_are_told_when_to_send_again(
    writer: NoticeWriter, problem: Reason | None, code: str, seconds: int
) -> None:
    notice = writer.not_inspected("pg-1", decision(), at(problem=problem))
    assert (notice.code, notice.retry_after) == (code, seconds)
    assert ("Why:" in notice.text) is not bool(seconds), "that too much is going on is why, and no rule"


def test_a_reason_of_the_policy_in_the_language_of_the_notice() -> None:
    german = NoticeWriter(load(FOLDER / "de.yaml", Templates), None, {})
    known = replace(decision(Action.BLOCK), reason="What cannot be read cannot be checked.")
    assert "Warum: Was nicht gelesen werden kann" in german.refused("pg-1", known, at(), [mail()], prompt()).text
    own = replace(known, reason="Frag die IT.")
    assert "Warum: Frag die IT." in german.refused("pg-1", own, at(), [mail()], prompt()).text


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ([], "First.\n\nThen."),
        (
            [Reason(Code.PROVIDER_TRAINS), Reason(Code.PROVIDER_REGION_UNKNOWN)],
            "First.\n\nThis tool may use what is sent to train its models. It is not known where this tool processes "
            "and keeps what is sent.\n\nThen.",
        ),
    ],
)
def test_what_is_known_of_a_provider_stands_behind_the_opening(
    writer: NoticeWriter, known: list[Reason], told: str
) -> None:
    notice = Notice("pg-1", "Title", "First.\n\nThen.", "promptguard_blocked", "en")
    assert writer.about_provider(notice, known).text == told
