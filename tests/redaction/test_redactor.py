from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from presidio_anonymizer.entities import OperatorConfig

from promptguard.errors import NotRewritable
from promptguard.model import Channel, DataClass, Finding, Nature, Segment
from promptguard.redaction.placeholders import PLACEHOLDER, placeholder_for
from promptguard.redaction.redactor import Redaction, Redactor
from promptguard.redaction.restore import restore_text

KEY = b"k" * 32
SCOPE = "conversation"


def segment(text: str) -> Segment:
    return Segment(("messages", 0, "content"), text)


def finding(
    start: int,
    end: int,
    entity_type: str = "PERSON",
    *,
    index: int = 0,
    score: float = 0.8,
    data_class: DataClass = DataClass.PERSONAL_DATA,
) -> Finding:
    return Finding(index, start, end, entity_type, data_class, score, "test", "fingerprint")


def find(text: str, value: str, entity_type: str, **more: object) -> Finding:
    start = text.index(value)
    return finding(start, start + len(value), entity_type, **more)  # type: ignore[arg-type]


def placeholder(entity_type: str, value: str, *, restorable: bool = True) -> str:
    return placeholder_for(KEY, SCOPE, entity_type, value, {}, restorable=restorable)


def originals(redaction: Redaction) -> dict[str, str]:
    return {placeholder: original.text for placeholder, original in redaction.issued.items()}


def test_replaces_each_finding_and_leaves_the_rest() -> None:
    segments = [segment("Anna wrote to Bob."), segment("nothing here"), segment("Bob again, Bob")]
    findings = [
        finding(11, 14, index=2),
        finding(14, 17),
        finding(0, 4),
        finding(0, 3, index=2),
    ]
    redaction = Redactor(KEY).redact(segments, findings, SCOPE, {})
    anna, bob = placeholder("PERSON", "Anna"), placeholder("PERSON", "Bob")
    assert redaction.texts == {0: f"{anna} wrote to {bob}.", 2: f"{bob} again, {bob}"}
    assert originals(redaction) == {anna: "Anna", bob: "Bob"}


def test_two_values_are_two_placeholders() -> None:
    text = "a@x.example, b@x.example"
    findings = [find(text, "a@x.example", "EMAIL_ADDRESS"), find(text, "b@x.example", "EMAIL_ADDRESS")]
    redaction = Redactor(KEY).redact([segment(text)], findings, SCOPE, {})
    assert sorted(originals(redaction).values()) == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 4, "A", 0.9), (2, 6, "B", 0.5)], [("A", "abcdef")]),
        ([(0, 4, "A", 0.5), (2, 6, "B", 0.9)], [("B", "abcdef")]),
        ([(0, 8, "A", 0.5), (2, 4, "B", 0.5)], [("A", "abcdefgh")]),
        ([(0, 4, "A", 0.5), (0, 4, "A", 0.5)], [("A", "abcd")]),
        ([(0, 3, "A", 0.5), (3, 6, "B", 0.5)], [("A", "abc"), ("B", "def")]),
        ([(0, 3, "A", 0.5), (2, 5, "A", 0.5), (4, 7, "A", 0.5)], [("A", "abcdefg")]),
        ([(1, 1, "A", 0.5)], []),
    ],
)
def test_overlapping_findings_are_one_and_touching_ones_are_two(
    spans: list[tuple[int, int, str, float]], expected: list[tuple[str, str]]
) -> None:
    text = "abcdefghij"
    findings = [finding(start, end, entity_type, score=score) for start, end, entity_type, score in spans]
    redaction = Redactor(KEY).redact([segment(text)], findings, SCOPE, {})
    replaced = "".join(placeholder(entity_type, value) for entity_type, value in expected)
    whole = "".join(value for _, value in expected)
    assert redaction.texts == ({0: replaced + text[len(whole) :]} if expected else {})


def test_credentials_are_replaced_and_never_issued() -> None:
    text = "token abc of Anna"
    findings = [
        find(text, "abc", "API_KEY", data_class=DataClass.CREDENTIALS),
        find(text, "Anna", "PERSON"),
    ]
    redaction = Redactor(KEY).redact([segment(text)], findings, SCOPE, {})
    assert redaction.texts[0].startswith("token [API_KEY_")
    assert list(originals(redaction).values()) == ["Anna"]


def test_what_overlaps_a_credential_is_one() -> None:
    text = "anna:secret@db.example"
    findings = [
        find(text, "secret@db.example", "EMAIL_ADDRESS", score=1.0),
        find(text, "anna:secret", "PASSWORD", score=0.4, data_class=DataClass.CREDENTIALS),
    ]
    redaction = Redactor(KEY).redact([segment(text)], findings, SCOPE, {})
    assert redaction.texts == {0: placeholder("PASSWORD", text, restorable=False)}
    assert redaction.issued == {}


def test_a_value_that_is_a_credential_elsewhere_is_not_restored_there() -> None:
    segments = [segment("hunter"), segment("hunter")]
    findings = [finding(0, 6, "X"), finding(0, 6, "X", index=1, data_class=DataClass.CREDENTIALS)]
    redaction = Redactor(KEY).redact(segments, findings, SCOPE, {})
    assert redaction.texts[0] in redaction.issued
    assert redaction.texts[1] not in redaction.issued


def test_collisions_with_what_was_issued_before() -> None:
    first = placeholder("PERSON", "Anna")
    redaction = Redactor(KEY).redact([segment("Anna")], [finding(0, 4)], SCOPE, {first: "Bob"})
    assert redaction.texts[0] != first
    assert originals(redaction) == {redaction.texts[0]: "Anna"}


def test_leaves_placeholders_issued_in_the_scope_alone() -> None:
    ours, foreign = placeholder("PERSON", "Anna"), "[PERSON_22222222]"
    text = f"{ours} and {foreign}"
    findings = [finding(0, len(ours)), finding(2, 9), find(text, foreign, "PERSON")]
    redaction = Redactor(KEY).redact([segment(text)], findings, SCOPE, {ours: "Anna"})
    assert redaction.texts == {0: f"{ours} and {placeholder('PERSON', foreign)}"}
    assert restore_text(redaction.texts[0], {ours: "Anna", **originals(redaction)}, channel=Channel.TEXT) == (
        f"Anna and {foreign}"
    )


@pytest.mark.parametrize("spelling", [r"\[PERSON\_{}\]", "[Name {}]", "{}", "person_{}"])
def test_leaves_them_alone_as_the_model_wrote_them(spelling: str) -> None:
    ours = placeholder("PERSON", "Anna")
    text = spelling.format(ours[1:-1].rpartition("_")[2])
    assert Redactor(KEY).redact([segment(text)], [finding(0, len(text))], SCOPE, {ours: "Anna"}).texts == {}
    assert Redactor(KEY).redact([segment(text)], [finding(0, len(text))], SCOPE, {}).texts != {}


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 6, "from_end": False}), r"\*{6}7890"),
        (OperatorConfig("hash", {"hash_type": "sha256"}), r"[0-9a-f]{64}"),
        (OperatorConfig("encrypt", {"key": "K" * 16}), r"[A-Za-z0-9_=\-]{20,}"),
        (OperatorConfig("redact"), ""),
        (OperatorConfig("replace", {"new_value": "<card>"}), "<card>"),
        (OperatorConfig("replace", {"new_value": ""}), "<CARD>"),
        (OperatorConfig("placeholder"), PLACEHOLDER.pattern),
    ],
)
def test_presidios_operators_by_entity_type(operator: OperatorConfig, expected: str) -> None:
    text = "card 1234567890 of Anna"
    redactor = Redactor(KEY, {"CARD": operator})
    findings = [find(text, "1234567890", "CARD"), find(text, "Anna", "PERSON")]
    redaction = redactor.redact([segment(text)], findings, SCOPE, {})
    assert re.fullmatch(rf"card {expected} of \[PERSON_\w+\]", redaction.texts[0])
    assert ("1234567890" in originals(redaction).values()) is (operator.operator_name == "placeholder")


def test_hashes_are_stable_in_a_scope() -> None:
    redactor = Redactor(KEY, {"PERSON": OperatorConfig("hash", {})})

    def hashed(scope: str) -> str:
        return redactor.redact([segment("Anna")], [finding(0, 4)], scope, {}).texts[0]

    assert hashed("one") == hashed("one") != hashed("two")


def test_a_mask_shows_nothing_of_a_value_it_was_not_meant_for() -> None:
    mask = OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 2, "from_end": False})
    redactor = Redactor(KEY, {"CARD": mask})
    redaction = redactor.redact([segment("12345678")], [finding(0, 6, "CARD"), finding(4, 8, "PHONE")], SCOPE, {})
    assert PLACEHOLDER.fullmatch(redaction.texts[0])
    assert redaction.issued == {}


@pytest.mark.parametrize(
    ("operator", "text"),
    [
        (OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 0, "from_end": False}), "Anna"),
        (OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 4, "from_end": False}), "****"),
        (OperatorConfig("replace", {"new_value": "like Anna's"}), "Anna"),
        (OperatorConfig("hash", {}), "An\ud800a"),
        (OperatorConfig("encrypt", {"key": "K" * 16}), "An\ud800a"),
    ],
)
def test_an_operator_that_leaves_the_value_or_fails_gives_way_to_a_placeholder(
    operator: OperatorConfig, text: str
) -> None:
    redaction = Redactor(KEY, {"PERSON": operator}).redact([segment(text)], [finding(0, 4)], SCOPE, {})
    assert PLACEHOLDER.fullmatch(redaction.texts[0])
    assert redaction.issued == {}


@pytest.mark.parametrize(
    ("operator", "problem"),
    [
        (OperatorConfig("keep"), "no operator is called 'keep'"),
        (OperatorConfig("custom", {"lambda": str}), "no operator is called 'custom'"),
        (OperatorConfig("mask", {"masking_char": "**", "chars_to_mask": 1, "from_end": False}), "must be a character"),
        (OperatorConfig("encrypt", {"key": "short"}), "key"),
        (OperatorConfig("hash", {"hash_type": "md5"}), "hash_type"),
    ],
)
def test_refuses_operators_that_cannot_be_used(operator: OperatorConfig, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Redactor(KEY, {"PERSON": operator})


def test_needs_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        Redactor(b"")


@pytest.mark.parametrize(
    "wrong", [finding(0, 5), finding(-1, 2), finding(3, 2), finding(0, 1, index=1), finding(0, 1, index=-1)]
)
def test_a_finding_outside_the_text_stops_the_request(wrong: Finding) -> None:
    with pytest.raises(ValueError, match="finding"):
        Redactor(KEY).redact([segment("Anna")], [wrong], SCOPE, {})


def test_a_redaction_does_not_show_originals() -> None:
    redaction = Redactor(KEY).redact([segment("Anna")], [finding(0, 4)], SCOPE, {})
    assert "Anna" not in repr(redaction)


@st.composite
def texts_and_findings(draw: st.DrawFn) -> tuple[list[str], list[Finding]]:
    # Placeholders, pieces of them and brackets are as likely as other text.
    words = st.one_of(
        st.text(max_size=12), st.sampled_from(["[PERSON_22222222]", "[PERSON_", "22222222]", "[", "]", "é"])
    )
    texts = draw(st.lists(st.lists(words, max_size=6).map("".join), min_size=1, max_size=3))
    findings = []
    for index, text in enumerate(texts):
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(text)))
            end = draw(st.integers(start, len(text)))
            entity_type = draw(st.sampled_from(["PERSON", "EMAIL_ADDRESS", "A"]))
            findings.append(finding(start, end, entity_type, index=index, score=draw(st.sampled_from([0.5, 0.9]))))
    return texts, findings


@given(texts_and_findings())
def test_nothing_found_is_sent_and_all_of_it_comes_back(case: tuple[list[str], list[Finding]]) -> None:
    texts, findings = case
    redaction = Redactor(KEY).redact([segment(text) for text in texts], findings, SCOPE, {})
    assert set(redaction.texts) == {each.segment for each in findings if each.start < each.end}
    for index, text in enumerate(texts):
        sent = redaction.texts.get(index, text)
        covered = [False] * len(text)
        for each in findings:
            if each.segment == index:
                covered[each.start : each.end] = [True] * (each.end - each.start)
        # What is sent is the text outside the findings, and placeholders we issued: nothing else.
        outside = "".join(character for character, hidden in zip(text, covered, strict=True) if not hidden)
        issued = re.compile("|".join(map(re.escape, redaction.issued)) or r"(?!)")
        assert issued.sub("", sent) == outside
        assert issued.sub(lambda match: redaction.issued[match.group()].text, sent) == text


@given(texts_and_findings())
def test_the_answer_restores_the_same_where_there_are_no_urls(case: tuple[list[str], list[Finding]]) -> None:
    texts, findings = case
    # Two brackets begin the name of a page; a value behind an @ would be a part of a mailbox's host.
    texts = [re.sub(r"[:/.<(=@]|\[(?=\[)", "x", text) for text in texts]
    redaction = Redactor(KEY).redact([segment(text) for text in texts], findings, SCOPE, {})
    for index, sent in redaction.texts.items():
        assert restore_text(sent, originals(redaction), channel=Channel.TEXT) == texts[index]


@pytest.mark.parametrize(
    "string",
    [
        Segment((), "Anna", nature=Nature.PROTOCOL),
        Segment((), "Anna", nature=Nature.SEALED),
        Segment((), "Anna", fixed=True),
    ],
)
def test_what_is_no_text_is_never_rewritten(string: Segment) -> None:
    strings = [string]
    with pytest.raises(NotRewritable):
        Redactor(KEY).redact(strings, [finding(0, 4)], SCOPE, {})
    assert Redactor(KEY).redact(strings, [], SCOPE, {}).texts == {}


def test_a_placeholder_in_what_is_no_text_may_stay() -> None:
    ours = placeholder("PERSON", "Anna")
    strings = [Segment((), ours, nature=Nature.PROTOCOL)]
    assert Redactor(KEY).redact(strings, [finding(1, 7)], SCOPE, {ours: "Anna"}).texts == {}


def test_recalled_originals_get_the_placeholder_they_had() -> None:
    redactor = Redactor(KEY)
    ours = placeholder("DATE_OF_BIRTH", "14.03.1975")
    known = {ours: "14.03.1975"}
    segments = [segment("born 14.03.1975"), segment(f"{ours}: 14.03.1975 Anna")]
    recalled = redactor.recall(segments, known, lambda word: False)
    names = [find(segments[1].text, "Anna", "PERSON", index=1)]
    redaction = redactor.redact(segments, names, SCOPE, known, recalled)
    anna = placeholder("PERSON", "Anna")
    assert redaction.texts == {0: f"born {ours}", 1: f"{ours}: {ours} {anna}"}
    assert originals(redaction) == {anna: "Anna"}
    assert redaction.again == {ours}


def test_a_finding_takes_in_what_is_recalled() -> None:
    redactor = Redactor(KEY)
    known = {placeholder("PERSON", "Anna Berg"): "Anna Berg"}
    segments = [segment("Anna Berg (Ulm)")]
    recalled = redactor.recall(segments, known, lambda word: False)
    redaction = redactor.redact(segments, [finding(5, 15)], SCOPE, known, recalled)
    assert redaction.texts == {0: placeholder("PERSON", "Anna Berg (Ulm)")}
