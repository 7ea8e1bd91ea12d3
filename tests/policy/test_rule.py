import pytest

from promptguard.model import (
    Circumstances,
    DataClass,
    Destination,
    Finding,
    Identity,
    Kind,
    Prompt,
    Purpose,
    Role,
    Segment,
    Status,
)
from promptguard.policy.rule import Found

PLACE = Circumstances(
    Identity("anna", "p_1", frozenset({"support"})),
    Destination("some-api", "Some API", ("api.example.com",), Kind.API, Status.APPROVED),
    uncovered_languages=("km", "pl"),
)
MAIL = Found(DataClass.PERSONAL_DATA, "EMAIL_ADDRESS", Role.USER, "EmailRecognizer", 0.8)


@pytest.mark.parametrize(
    ("when", "found", "expected"),
    [
        ("status: approved", None, []),
        ("status: unreviewed", None, ["the tool's status is approved, not unreviewed"]),
        ("kind: [web_chat, embedded]", None, ["the kind of tool is api, none of embedded, web_chat"]),
        ("language: covered", None, ["the request's language is not_covered, not covered"]),
        ("language: not_covered", None, []),
        (
            "not: {language: not_covered}",
            None,
            ["the request's language is not_covered, and the rule leaves out not_covered"],
        ),
        ("groups: sales", None, ["the user is in support, not sales"]),
        ("not: {destinations: some-api}", None, ["the tool is some-api, and the rule leaves out some-api"]),
        ("data_classes: credentials", MAIL, ["the data class is personal_data, not credentials"]),
        ("min_score: 0.9", MAIL, ["the score is 0.80, below 0.9"]),
        ("findings: none", MAIL, ["it is about requests with nothing in them"]),
        (
            "status: unreviewed, roles: file",
            MAIL,
            ["the tool's status is approved, not unreviewed", "it stands in text of role user, not file"],
        ),
    ],
)
def test_failures(policy, when: str, found: Found | None, expected: list[str]) -> None:
    rule = policy(f"- {{id: one, when: {{{when}}}, action: block, reason: R.}}").rules[0]
    assert rule.failures(PLACE, found) == expected


@pytest.mark.parametrize(("segment", "role"), [(0, Role.FILE), (1, Role.OTHER), (-1, Role.OTHER)])
def test_role_of_a_finding(segment: int, role: Role) -> None:
    prompt = Prompt(PLACE.destination, Purpose.PROMPT, "generic", (Segment((), "text", Role.FILE),))
    finding = Finding(segment, 0, 1, "PERSON", DataClass.PERSONAL_DATA, 0.5, "Names", "f")
    assert Found.of(finding, prompt).role is role
    assert Found.of(finding, None).role is Role.OTHER
