"""Which value belongs to a label."""

import time

import pytest

from promptguard.detectors.labels.lexicon import occurrences
from promptguard.detectors.labels.pairs import MAX_VALUE, pairs


def found(text: str) -> list[tuple[str, str]]:
    return [(pair.label, text[pair.start : pair.end]) for pair in pairs(text, occurrences(text))]


VALUE = "C01X00T47"
PASSPORT = [("passport number", VALUE)]


@pytest.mark.parametrize(
    "text",
    [
        f"Passport: {VALUE}",
        f"Passport No. {VALUE}",
        f"passport # {VALUE}",
        f"Passport is {VALUE}",
        f"passport = {VALUE}",
        f"passport := {VALUE}",
        f"passport => {VALUE}",
        f"Passport number → {VALUE}",
        f"Passport - {VALUE}",
        f"Passport – {VALUE}",
        f"Passport ........ {VALUE}",
        f"Passport ______ {VALUE}",
        f"Passport\t{VALUE}",
        f"Passport\n{VALUE}",
        f"1. Passport:\r\n\r\n{VALUE}",
        f"- **Passport:** {VALUE}",
        f"**Passport No**: {VALUE}",
        f"__Passport__: `{VALUE}`",
        f"Passport*: {VALUE}",
        f"Passport (required): {VALUE}",
        f"Passport [9 characters] {VALUE}",
        f"| Passport | {VALUE} |",
        f"Passport No.: „{VALUE}“",
        f'\\"passport\\": \\"{VALUE}\\"',
        f'"passportNumber":"{VALUE}"',
        f"'customer_passport_no': '{VALUE}'",
        f'{{"name": "passport", "value": "{VALUE}"}}',
        f'{{"passport": {{"number": "{VALUE}"}}}}',
        f"passport:\n  number: {VALUE}",
        f"?passport={VALUE}&x=1",
        f"<passport>{VALUE}</passport>",
        f'<ns:PassportNumber xsi:type="string">\n  {VALUE}\n</ns:PassportNumber>',
        f"<passport><![CDATA[{VALUE}]]></passport>".replace("]]>", "<"),
        f'<passport value="{VALUE}"/>',
        f'<doc passport="{VALUE}">',
        f'<input type="text" name="passport" class="wide" value="{VALUE}">',
        f'<field name="passport">{VALUE}</field>',
        f'<td class="passport">{VALUE}</td>',
        f"<td>Passport</td><td>{VALUE}</td>",
        f"<tr>\n<th>Passport</th>\n<td><b>{VALUE}</b></td>",
        f"<dt>Passport</dt><dd>{VALUE}</dd>",
        f"<key>passport</key><string>{VALUE}</string>",
        f"护照号：{VALUE}",
        f"护照号码是{VALUE}",
        f"パスポート番号は {VALUE}",
        f"Номер паспорта: {VALUE}",
        f"Reisepass-Nr.: {VALUE}",
        f"número do passaporte: {VALUE}",
    ],
)
def test_value_is_found_past_what_separates_it(text: str) -> None:
    assert found(text) == PASSPORT


@pytest.mark.parametrize(
    "text",
    [
        "my passport and visa",
        "passport.js 1234567",
        "passport_expiry: 2030",
        "renew the passport\nC01X00T47",
        "passport photos",
        "Passport\n\n\n\nC01X00T47",
        "passport:",
        "passport: ???",
        "PASSPORT_SID=C01X00T47",
    ],
)
def test_no_value(text: str) -> None:
    assert not [value for label, value in found(text) if label == "passport number" and "C01" in value] and not any(
        value.startswith(("and", "photos", "1234567", "2030")) for _, value in found(text)
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('dob="1984-03-12" x', "1984-03-12"),
        ("dob: 1984-03-12 | next", "1984-03-12"),
        ("<dob>1984-03-12</dob>", "1984-03-12"),
        ("dob: datetime.date(1984, 3, 12)", "1984, 3, 12)"),
        ("dob: " + "1" * 200, "1" * MAX_VALUE),
    ],
)
def test_where_values_end(text: str, value: str) -> None:
    assert found(text) == [("date of birth", value)]


@pytest.mark.parametrize(
    "text",
    ["dob " * 50_000, "dob: " * 40_000, "<dob " * 40_000, "dob(" * 50_000, 'dob"' * 50_000, "dob" + " " * 200_000,
     "dob\n" * 50_000, "<td>dob</td>" * 20_000, "dob" + "<b>" * 60_000, "name dob value " * 15_000],
    ids=["blanks", "colons", "tags", "brackets", "quotes", "one gap", "lines", "cells", "open", "members"],
)  # fmt: skip
def test_linear(text: str) -> None:
    found_at = occurrences(text)
    started = time.perf_counter()
    sum(1 for _ in pairs(text, found_at))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "text",
    ["password: {password!r}", "password: {pw.x:>10}", "https://u:<password>@h/x1", "amqp://<user>:<password>@mq7/"],
)
def test_what_a_program_puts_in(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"), [("password: {Kz7q}9!", "Kz7q}9!"), ("x=<password>Ab1kz9</password>", "Ab1kz9")]
)
def test_literals_with_the_same_signs(text: str, value: str) -> None:
    assert found(text) == [("password", value)]


@pytest.mark.parametrize(
    "text",
    [
        "update_password: on_create",
        "passwd:  files sss",
        'echo "$password" | sha256sum',
        "{{ .Values.auth.password1 | quote }}",
        "validate_password: strict7",
        "'email'\n  | 'password'\n  | 'phone'",
        'x.filter(e=>"password"===e));a',
        "RFC 5280 4.2.1.10",
        "rfc-7230 3.2.6",
        "CIF = `352x288`",
    ],
)
def test_words_for_passwords_that_name_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["db_password: x9Kq", "| password | x9Kq |", "Kennwort: x9Kq", "senha: x9Kq"])
def test_words_for_passwords(text: str) -> None:
    assert found(text) == [("password", "x9Kq")]


def test_a_label_over_and_over_has_one_value() -> None:
    assert found("password: " * 900 + "x9Kq") == [("password", "x9Kq")]
    assert found("Kennwort:\npassword12") == [("password", "password12")]
