from pathlib import Path

import pytest

from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.errors import ConfigError
from promptguard.model import DataClass

OWN = """\
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    patterns:
      - {name: number, regex: 'TICKET-\\d{4}', score: 0.8}
"""


def load(folder: Path, text: str = OWN, name: str = "own.yaml") -> RecognizerSet:
    (folder / name).write_text(text)
    return load_recognizers(folder)


def test_a_companys_own_file(tmp_path: Path) -> None:
    (recognizer,) = load(tmp_path).recognizers
    assert (recognizer.name, recognizer.data_class, recognizer.threshold) == (
        "Ticket",
        DataClass.CONFIDENTIAL_RECORDS,
        0.4,
    )
    assert (recognizer.file.name, recognizer.line) == ("own.yaml", 2)
    (result,) = recognizer.recognizer.analyze("see ticket-1234", ["TICKET"])
    assert (result.entity_type, result.start, result.end, result.score) == ("TICKET", 4, 15, 0.8)


def test_presidios_own_shape(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """
        supported_languages: [en]
        recognizers:
          - name: UsSsnRecognizer
            type: predefined
            data_class: personal_data
            supported_languages:
              - {language: en, context: [ssn]}
              - {language: es, context: [seguro]}
          - name: Zip
            supported_language: en
            supported_entity: ZIP
            data_class: personal_data
            deny_list: [12345, 54321]
            deny_list_score: 0.6
        """.replace("[12345, 54321]", "['12345', '54321']"),
    )
    ssn, postcode = found.recognizers
    assert ssn.recognizer.context == ["ssn", "seguro"]
    assert [result.score for result in postcode.recognizer.analyze("at 54321", ["ZIP"])] == [0.6]


@pytest.mark.parametrize(
    ("where", "found"),
    [("", True), ("    global_regex_flags: [MULTILINE]\n", False), ("    global_regex_flags: 8\n", False)],
)
def test_regex_flags(tmp_path: Path, where: str, found: bool) -> None:
    (recognizer,) = load(tmp_path, OWN + where).recognizers
    assert bool(recognizer.recognizer.analyze("ticket-1234", ["TICKET"])) is found


def test_regex_flags_of_a_file(tmp_path: Path) -> None:
    (recognizer,) = load(tmp_path, "global_regex_flags: [multiline]\n" + OWN).recognizers
    assert recognizer.recognizer.analyze("ticket-1234", ["TICKET"]) == []
    assert recognizer.recognizer.analyze("TICKET-1234", ["TICKET"])


def test_disabled_recognizers_are_read_and_left_out(tmp_path: Path) -> None:
    assert load(tmp_path, OWN + "    enabled: false\n").recognizers == ()
    with pytest.raises(ConfigError, match="does not compile"):
        load(tmp_path, OWN.replace("d{4}", "d{4}(") + "    enabled: false\n")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (OWN.replace("data_class", "data_clas"), 4, "did you mean ‘data_class’?"),
        (OWN.replace("confidential_records", "confidential_record"), 4, "did you mean ‘confidential_records’?"),
        (OWN.replace("patterns", "pattern"), 5, "did you mean ‘patterns’?"),
        (OWN.replace("score: 0.8", "scores: 0.8"), 6, "did you mean ‘score’?"),
        (OWN.replace("score: 0.8", "score: 8"), 6, "from 0 to 1"),
        (OWN.replace("TICKET-\\d{4}", "(TICKET"), 6, "does not compile"),
        (OWN.replace("TICKET-\\d{4}", "x*"), 6, "matches an empty text"),
        (OWN + "    validator: luhm\n", 7, "did you mean ‘luhn’?"),
        (OWN + "    threshold: high\n", 7, "from 0 to 1"),
        (OWN + "    type: predefine\n", 7, "did you mean ‘predefined’?"),
        (OWN + "    keywords: ticket\n", 7, "must be a list"),
        (OWN + "    examples: {matches: []}\n", 7, "did you mean ‘match’?"),
        (OWN + "    global_regex_flags: [MULTI]\n", 7, "no regex flag"),
        (OWN[: OWN.index("    patterns")], 2, "without `patterns` and `deny_list`"),
        (OWN + OWN.removeprefix("recognizers:\n"), 7, "already in own.yaml, line 2"),
        ("recognizer: []", 1, "did you mean ‘recognizers’?"),
        ("recognizers:\n  - {name: SsnRecognizer, type: predefined, data_class: personal_data}", 2, "SsnRecognizer"),
        (
            "recognizers:\n"
            "  - {name: PhoneRecognizer, type: predefined, data_class: personal_data, supported_regions: [UK]}",
            2,
            "no region UK",
        ),
        (
            "recognizers:\n  - {name: PhoneRecognizer, type: predefined, data_class: personal_data, validator: luhn}",
            2,
            "unknown key ‘validator’",
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    assert raised.value.file.name == "own.yaml"
    assert raised.value.line == line
    assert told in str(raised.value)


def test_names_are_unique_across_files(tmp_path: Path) -> None:
    load(tmp_path)
    with pytest.raises(ConfigError, match=r"already in other\.yaml"):
        load(tmp_path, name="other.yaml")


def test_version_follows_the_contents(tmp_path: Path) -> None:
    first = load(tmp_path).version
    assert load(tmp_path).version == first
    assert load(tmp_path, OWN + "    threshold: 0.5\n").version != first
    assert load(tmp_path).version == first
    assert load(tmp_path, "allow: []", "allow.yaml").version != first


def test_examples_are_joined_and_know_their_lines(tmp_path: Path) -> None:
    found = load(tmp_path, OWN + "    examples:\n      match:\n        - [TICK, ET-1234]\n      no_match: ['TICKET']\n")
    assert [(example.text, example.matches, example.line) for example in found.examples()] == [
        ("TICKET-1234", True, 9),
        ("TICKET", False, 10),
    ]


def test_ours_stand_before_presidios(tmp_path: Path) -> None:
    (recognizer,) = load(
        tmp_path, "recognizers:\n  - {name: EmailRecognizer, type: predefined, data_class: personal_data}"
    ).recognizers
    assert type(recognizer.recognizer).__module__.startswith("promptguard.")


def test_shipped_recognizers(shipped_recognizers: RecognizerSet) -> None:
    types = {entity for one in shipped_recognizers.recognizers for entity in one.recognizer.supported_entities}
    assert types >= {
        "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "US_SSN", "US_ITIN", "UK_NHS",
        "UK_NINO", "DE_TAX_ID", "DE_ID_CARD", "FR_NIR", "ES_NIF", "ES_NIE", "IT_FISCAL_CODE", "NL_BSN", "DK_CPR",
        "IN_PAN", "IN_AADHAAR",
    }  # fmt: skip
    assert not types & {"URL", "DATE_TIME", "NRP", "ORGANIZATION"}


def test_regexes_that_are_known_to_compile_are_compiled_when_they_are_needed(tmp_path: Path) -> None:
    folder, cache = tmp_path / "recognizers", tmp_path / "cache"
    folder.mkdir()
    (folder / "own.yaml").write_text(
        """
        recognizers:
          - name: Ticket
            supported_entity: TICKET
            data_class: confidential_records
            patterns: [{name: number, regex: 'T-\\d{4}', score: 0.8}]
        """
    )
    load_recognizers(folder, cache)
    (ticket,) = load_recognizers(folder, cache).recognizers
    (pattern,) = ticket.patterns
    assert "compiled_regex" not in vars(pattern)
    assert [result.end for result in ticket.recognizer.analyze("T-1234", ["TICKET"])] == [6]
    assert "compiled_regex" in vars(pattern)
    # Another content is another matter.
    (folder / "own.yaml").write_text((folder / "own.yaml").read_text().replace("{4}", "{4"))
    (folder / "own.yaml").write_text((folder / "own.yaml").read_text().replace("T-", "(T-"))
    with pytest.raises(ConfigError, match="does not compile"):
        load_recognizers(folder, cache)


def test_a_regex_among_the_settings_of_a_class_is_checked(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
        recognizers:
          - name: OwnKey
            type: predefined
            class_name: VendorKeyRecognizer
            supported_entity: OWN_KEY
            data_class: credentials
            vendor: own
            value: '(a-z'
        """
    )
    with pytest.raises(ConfigError, match="does not take these settings") as raised:
        load_recognizers(tmp_path)
    assert raised.value.line == 5  # of the class
