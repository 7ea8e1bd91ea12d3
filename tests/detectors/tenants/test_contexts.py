import pytest

from promptguard.detectors.tenants import contexts
from promptguard.detectors.tenants.kinds import ColumnKind

CASES = [
    # Between the marks stands what the words of the value span; then what the finding spans, if there is one.
    ("id", "invoice [QN-10442].", "QN-10442"),
    ("id", "see /files/[qn-10442]/a.txt", "qn-10442"),
    ("id", "[QN 10442] is late", "QN 10442"),
    ("id", "[QN-10442]-B", None),
    ("id", "A-[QN-10442]", None),
    ("id", "[QN--10442]", None),
    ("id", "[QN, 10442]", None),
    ("id", "1,[234567]", None),
    ("id", "[234567].50", None),
    ("id", "[234567].", "234567"),
    ("id", "[12 3456]", None),
    ("id", "[123 456 789]", "123 456 789"),
    ("id", "[1234-5678]", "1234-5678"),
    ("phone", "call [030/1234567]!", "030/1234567"),
    ("phone", "[030 1234567]-12", None),
    ("phone", "12.[030.1234567]", None),
    ("phone", "+49-[30-1234567]", "30-1234567"),
    ("email", "<[j@o.example]>", "j@o.example"),
    ("email", "[j@o.example].", "j@o.example"),
    ("email", "[j@o.example].org", None),
    ("email", "x.[j@o.example]", None),
    ("email", "[j@o.example]-x", None),
    ("domain", "at [o.example], today", "o.example"),
    ("domain", "https://crm.eu.[o.example]/x", "crm.eu.o.example"),
    ("domain", "ann@[o.example]", "o.example"),
    ("domain", "x-[o.example]", None),
    ("domain", "not[o.example]", None),
    ("domain", "[o.example].net", None),
    ("company", "[Acme] GmbH & Co. KG now", "Acme GmbH & Co. KG"),
    ("company", "[Acme], Inc. said", "Acme, Inc"),
    ("company", "[Acme] S.p.A. is", "Acme S.p.A"),
    ("company", "[Acme] as a customer", "Acme"),
    ("company", "[Acme] Limited Edition", "Acme Limited"),
    ("company", "[Acme]\n\nLtd", "Acme"),
    ("person", "[Ann Lee]s", "Ann Lee"),
]


@pytest.mark.parametrize(("kind", "marked", "expected"), CASES)
def test_what_a_value_may_stand_among(kind: str, marked: str, expected: str | None) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    span = contexts.fit(ColumnKind(kind), text, start, end)
    assert (span and text[span[0] : span[1]].rstrip(".")) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("+49 [30 1234567]", ("+49 30 1234567", "49301234567")),
        ("+49 (0)[30 1234567]", ("+49 (0)30 1234567", "49301234567")),
        ("0049-[30-1234567]", ("0049-30-1234567", "49301234567")),
        ("+1 ([415) 555-0123]", ("+1 (415) 555-0123", "14155550123")),
        ("[030 1234567]", None),
        ("49 [30 1234567]", None),
        ("1.0049 [30 1234567]", None),
    ],
)
def test_country_codes(marked: str, expected: tuple[str, str] | None) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    prefix = contexts.phone_prefix(text, start, end)
    assert (prefix and (text[prefix[0] : end], prefix[1])) == expected


@pytest.mark.parametrize(
    ("raw", "one"), [("a b", True), ("a\nb", True), ("a\r\nb", True), ("a\n\nb", False), ("a\r\n \r\nb", False)]
)
def test_paragraphs(raw: str, one: bool) -> None:
    assert contexts.is_one_paragraph(raw) is one


@pytest.mark.parametrize(
    ("raw", "grouped"), [("12 34", True), ("(030) 12", True), ("AB-1", True), ("a, b", False), ("1\n2", False)]
)
def test_groups(raw: str, grouped: bool) -> None:
    assert contexts.is_grouped(raw) is grouped


@pytest.mark.parametrize(("raw", "form"), [("J@O.Example", "j@o.example"), ("a. b", None), ("ab", None)])
def test_verbatim(raw: str, form: str | None) -> None:
    assert contexts.verbatim(raw) == form


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_long_runs_of_words_cost_little(kind: ColumnKind) -> None:
    # Patterns that could split a word in several ways would never come back.
    text = "a1" * 5_000 + "!" + "a.1" * 5_000
    contexts.fit(kind, text, 0, len(text))
    assert contexts.is_grouped(text) is False
