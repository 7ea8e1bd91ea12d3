import shutil
from pathlib import Path

import presidio_analyzer
import pytest
import yaml

from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import RecognizerSet, load_recognizers
from promptguard.errors import ConfigError
from promptguard.model import DataClass, Segment

SHIPPED = Path(__file__).parents[3] / "config" / "recognizers"
PRESIDIOS = Path(presidio_analyzer.__file__).parent / "conf"


def load(folder: Path, text: str, **classes: DataClass) -> RecognizerSet:
    (folder / "company.yaml").write_text(text)
    return load_recognizers(folder, data_classes=classes)


@pytest.mark.parametrize("beside_ours", [True, False])
def test_presidios_own_files_load_as_they_are(tmp_path: Path, beside_ours: bool) -> None:
    folder = tmp_path / "recognizers"
    if beside_ours:
        shutil.copytree(SHIPPED, folder)
    folder.mkdir(exist_ok=True)
    for name in ("default_recognizers.yaml", "example_recognizers.yaml"):
        shutil.copy(PRESIDIOS / name, folder)
    found = load_recognizers(folder)
    taken = {each.name for each in found.recognizers if each.file.name.endswith("_recognizers.yaml")}
    wanted = {
        entry["name"]
        for entry in yaml.safe_load((PRESIDIOS / "default_recognizers.yaml").read_text())["recognizers"]
        if entry.get("enabled", True)
        and "en"
        in [each["language"] if isinstance(each, dict) else each for each in entry.get("supported_languages", ["en"])]
    } | {"Zip code Recognizer", "Titles recognizer"}
    own = {each.name for each in found.recognizers} - taken
    assert wanted - own <= taken
    assert any("PlPeselRecognizer" in str(remark) and "other languages" in str(remark) for remark in found.remarks)


COMPANYS = """\
recognizers:
  - name: Zip
    supported_language: de
    supported_entity: ZIP
    patterns: [{name: weak, regex: '\\b\\d{5}\\b', score: 0.5}]
  - name: Staff
    supported_entities: [STAFF_ID]
    supported_languages: [{language: en, context: [badge]}]
    deny_list: [S-1, S-2]
"""


@pytest.mark.parametrize(
    ("classes", "expected", "told"),
    [
        ({}, ["personal_data", "personal_data"], ["ZIP", "STAFF_ID"]),
        ({"ZIP": DataClass.CONFIDENTIAL_RECORDS}, ["confidential_records", "personal_data"], ["STAFF_ID"]),
        ({"ZIP": DataClass.TENANT_DATA, "STAFF_ID": DataClass.CREDENTIALS}, ["tenant_data", "credentials"], []),
    ],
)
def test_the_data_class_of_an_unmodified_file(
    tmp_path: Path, classes: dict[str, DataClass], expected: list[str], told: list[str]
) -> None:
    found = load(tmp_path, COMPANYS, **classes)
    assert [str(each.data_class) for each in found.recognizers] == expected
    assert [remark.problem.split(" belongs")[0].split()[-1] for remark in found.remarks] == told


def test_what_others_say_of_the_same_entity_type_counts(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "recognizers:\n  - {name: Ours, supported_entity: ZIP, data_class: tenant_data, deny_list: [x]}\n"
    )
    found = load(tmp_path, COMPANYS)
    assert {each.name: str(each.data_class) for each in found.recognizers}["Zip"] == "tenant_data"


def test_the_version_follows_the_table_of_classes(tmp_path: Path) -> None:
    first = load(tmp_path, COMPANYS).version
    assert load(tmp_path, COMPANYS, ZIP=DataClass.TENANT_DATA).version != first


async def test_a_companys_own_class(tmp_path: Path) -> None:
    (tmp_path / "tickets.py").write_text(
        "from presidio_analyzer import EntityRecognizer, RecognizerResult\n"
        "class Tickets(EntityRecognizer):\n"
        "    def __init__(self, supported_language='en', prefix='TIC'):\n"
        "        super().__init__(['TICKET'], supported_language=supported_language)\n"
        "        self.prefix = prefix\n"
        "    def load(self): pass\n"
        "    def analyze(self, text, entities, nlp_artifacts=None):\n"
        "        at = text.find(self.prefix)\n"
        "        return [RecognizerResult('TICKET', at, at + 7, 0.8)] if at >= 0 else []\n"
    )
    found = load(
        tmp_path,
        "recognizers:\n  - {name: Mine, type: predefined, class_name: tickets.Tickets, prefix: ABC}\n",
        TICKET=DataClass.CONFIDENTIAL_RECORDS,
    )
    detector = PatternDetector(found)
    ((match,),) = await detector.find([Segment((), "see ABC1234 now")])
    assert (match.start, match.end, match.entity_type, str(match.data_class)) == (
        4,
        11,
        "TICKET",
        "confidential_records",
    )
    before = found.version
    (tmp_path / "tickets.py").write_text((tmp_path / "tickets.py").read_text() + "\n")
    assert load_recognizers(tmp_path).version != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recognizers: [{name: AzureAILanguageRecognizer, type: predefined}]", "further service"),
        ("recognizers: [{name: Mine, type: predefined, class_name: no_such.Thing}]", "no module ‘no_such’"),
        ("recognizers: [{name: CreditCardRecogniser, type: predefined}]", "did you mean ‘CreditCardRecognizer’?"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"company\.yaml:1") as raised:
        load(tmp_path, text)
    assert told in str(raised.value)


def test_a_language_model_is_left_to_the_workers(tmp_path: Path) -> None:
    found = load(tmp_path, "recognizers: [{name: SpacyRecognizer, type: predefined}, {name: CryptoRecognizer}]")
    assert [each.name for each in found.recognizers] == ["CryptoRecognizer"]
    assert "PromptGuard's own workers" in found.remarks[0].problem


def test_a_file_that_would_be_overlooked(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(COMPANYS)
    with pytest.raises(ConfigError, match=r"own\.yml.*end in \.yaml"):
        load_recognizers(tmp_path)
