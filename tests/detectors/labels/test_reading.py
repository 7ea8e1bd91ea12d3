"""The reading of a text in which every value stands after one form of its label, and what recognizers find in it."""

import pytest

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.labels.reading import read_labels
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.scanner import Scanner
from promptguard.model import Segment


def test_values_stand_label_by_label_and_lead_back_to_the_text() -> None:
    text = '{"dob": "1984-03-12", "phone_no": 4158675309, "kids": [{"DOB": "2009-01-31"}]}'
    view = read_labels(text)
    assert view is not None and view.confidence is Confidence.LABELLED
    lines = [line for line in view.text.splitlines() if ": " in line]
    assert [line[:25] for line in lines] == [
        "date of birth: 1984-03-12",
        "date of birth: 2009-01-31",
        "phone number: 4158675309,",
    ]
    start = view.text.index("2009")
    assert view.original(start, start + 10) == (text.index("2009"), text.index("2009") + 10)


def test_text_without_labels_has_no_such_reading() -> None:
    assert read_labels("Please summarise the meeting.") is None


LABELLED = {
    "DATE_OF_BIRTH": [
        ("Geboortedatum\n{}", "07.11.1969"),
        ("<PatientBirthDate>{}</PatientBirthDate>", "19691107"),
        ("member.birthDate={}&y", "1969-11-07"),
        ("Data urodzenia: {}", "1969-11-07"),
        ("doğum tarihi: {}", "07/11/1969"),
        ("생년월일: {}", "1969년 11월 7일"),
        ("fecha_nac;{}".replace(";", ": "), "7-nov-1969"),
    ],
    "PASSPORT": [("| **Reisepass-Nr.** | {} |", "C4KJ93TZ1"), ("جواز السفر: {}", "A09123477")],
    "US_DRIVER_LICENSE": [("**Rijbewijsnummer:** {}", "5312876410"), ('"DriversLicenceNo": "{}"', "X8812349")],
    "BANK_ACCOUNT": [("<td>Konto-Nr.</td><td>{}</td>", "30912276"), ('"beneficiaryAccountNumber":"{}"', "774410932")],
    "MEDICAL_RECORD": [("<Mrn>{}</Mrn>", "00771902"), ("Numéro de patient ..... {}", "7719022")],
    "HEALTH_INSURANCE": [("Subscriber ID (see card): {}", "WQK902118834"), ("numer polisy - {}", "9021188")],
    "NATIONAL_ID": [
        ("NRIC: {}", "T8412093C"),
        ("주민등록번호 {}", "690711-1234567"),
        ("身份证号：{}", "110105196911070021"),
        ('"nationalIdentityNumber": "{}"', "90211883"),
        ("Cédula de ciudadanía\n{}", "52.771.902"),
        ("ת.ז: {}", "039012114"),
    ],
    "TAX_NUMBER": [("P.IVA {}", "07643520567"), ("<TaxpayerId>{}</TaxpayerId>", "902118834"),
                   ("ABN: {}", "51 824 753 556")],
    "LICENSE_PLATE": [("Targa → {}", "FA612KJ"), ("plate_number={}", "KX71 LMD")],
    "PHONE_NUMBER": [("携帯番号：{}", "090-3381-2209"), ("PHONE_NUMBER={}", "5122907741"),
                     ("nr telefonu\n{}", "601 234 567")],
    "PERSON": [("<lastName>{}</lastName>", "Marchetti"), ("FIRST_NAME={}", "Giulia"), ("姓名：{}", "林小燕")],
    "LOCATION": [("**Postleitzahl** | {}", "50667"), ("<PostCode>{}</PostCode>", "M4 1HQ")],
    "MAC_ADDRESS": [("MAC: {}", "9c5c8e41a0b2")],
    "CARD_SECURITY_CODE": [('"cvv2":{}', "904"), ("CVC: {}", "9041")],
    "DEVICE_ID": [("IMEI {}", "356938035643809")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("entity_type", "template", "value"),
    [(entity_type, *each) for entity_type, cases in LABELLED.items() for each in cases],
)
async def test_labelled_values_are_found(
    shipped_detector: PatternDetector, entity_type: str, template: str, value: str
) -> None:
    text = template.format(value)
    (finding, *_) = [
        each
        for each in (await Scanner([shipped_detector], b"key").scan([Segment((), text)])).findings
        if each.entity_type == entity_type or each.start <= text.index(value) < each.end
    ]
    assert text[finding.start : finding.end] == value
    assert finding.hidden == ""


@pytest.mark.parametrize(
    "text",
    [
        "Passport\nrenewal takes 6 weeks",
        "first_name = models.CharField(max_length=50)",
        "lastName: string;",
        "last_name VARCHAR(50) NOT NULL",
        "Date of birth: unknown",
        "account: premium 2024-01-15",
        "Phone: see below",
        "security code: 3 digits on the back",
        "GPIO pin 4821 of the connector",
        "vat: 19.6 %",
        "plate: 12 pieces",
        "policy_number: null",
        "mac address table 100",
    ],
)
async def test_labels_without_values_tell_nothing(shipped_detector: PatternDetector, text: str) -> None:
    assert (await Scanner([shipped_detector], b"key").scan([Segment((), text)])).findings == ()
