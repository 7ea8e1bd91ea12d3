from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.errors import ConfigError
from promptguard.files import kinds
from promptguard.installation.presets import Preset, preset_files
from promptguard.notices.entities import with_ending
from promptguard.notices.sentences import Sentences, english
from promptguard.notices.templates import Templates
from promptguard.policy.schema import PolicyFile
from promptguard.reasons import Code, Reason
from promptguard.typed_yaml.reading import YamlFile, load

FOLDER = Path(__file__).parents[2] / "config" / "notices"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
KINDS = {kind.id for kind in vars(kinds).values() if isinstance(kind, kinds.Kind)}


@pytest.fixture(scope="module")
def said() -> Sentences:
    return Sentences(load(FOLDER / "en.yaml", Templates))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_kind_of_file_has_words_in_every_language(language: str) -> None:
    templates = load(FOLDER / f"{language}.yaml", Templates)
    assert set(templates.problems) == set(Code)
    assert set(templates.files) == KINDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_named_by_the_language_it_is_in(language: str) -> None:
    assert load(FOLDER / f"{language}.yaml", Templates).language == language


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_entity_type_has_words_in_every_language(language: str) -> None:
    templates = load(FOLDER / f"{language}.yaml", Templates)
    types = {
        entity_type
        for recognizer in load_recognizers(FOLDER.parent / "recognizers").recognizers
        for entity_type in recognizer.recognizer.supported_entities
    } | set(load(FOLDER / "en.yaml", Templates).entity_types)
    named = {each for each in types if each in templates.entity_types or with_ending(each, templates.endings)}
    assert types - named == set()


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_reasons_of_the_shipped_policies_are_said_in_every_language(language: str) -> None:
    files = [YamlFile(Path("policy.yaml"), preset_files(each)["policy.yaml"].decode()) for each in Preset]
    reasons = {rule.reason for file in files for rule in file.read_as(PolicyFile).rules}
    assert load(FOLDER / f"{language}.yaml", Templates).policy_reasons.keys() == reasons


FOR_THE_RECORD = {"acknowledgement": ("document", "version", "identity_class")}
"""Parameters that stand in the record, and that the page on the document tells people: by the family of codes."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_sentences_say_all_parameters(language: str, code: Code) -> None:
    said = Sentences(load(FOLDER / f"{language}.yaml", Templates))
    parameters = {name: "zip" if name in ("kind", "within") else f"<{name}>" for name in code.parameters}
    sentence = said(Reason(code, parameters))
    assert sentence.endswith(".") and "{" not in sentence
    left_out = {"zip", *(f"<{name}>" for name in FOR_THE_RECORD.get(code.partition(".")[0], ()))}
    assert all(value in sentence for value in parameters.values() if value not in left_out)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("json.invalid", "It is not valid JSON."),
        ("scan.timeout seconds=1", "Looking for sensitive data took longer than 1 second."),
        ("scan.timeout seconds=1.0", "Looking for sensitive data took longer than 1 second."),
        ("names.overloaded seconds=1", "Too much text is waiting to be searched for names: about 1 second of work."),
        ("scan.timeout seconds=0.5", "Looking for sensitive data took longer than 0.5 seconds."),
        ("file.encrypted kind=pdf", "A file is encrypted: a PDF document."),
        (
            "file.encrypted kind=pdf within=email/zip",
            "A file is encrypted: a PDF document in a zip archive in an e-mail.",
        ),
        ("file.encrypted kind=of_a_newer_version", "A file is encrypted: a file of unknown kind."),
        ("file.encrypted", "A file is encrypted: a file of unknown kind."),
        ("acme.unreachable host=x", "(acme.unreachable host=x)"),
        ("scan.timeout", "(scan.timeout)"),
        ('scan.failed error="{0} {seconds}"', "PromptGuard failed while reading it ({0} {seconds})."),
    ],
)
def test_sentences(said: Sentences, reason: str, sentence: str) -> None:
    assert said(Reason.parse(reason)) == sentence


def test_the_command_line_speaks_english_or_codes(tmp_path: Path) -> None:
    assert english(FOLDER)(Reason(Code.JSON_INVALID)) == "It is not valid JSON."
    assert english(tmp_path)(Reason(Code.JSON_INVALID)) == "json.invalid"


@pytest.mark.parametrize(
    ("problems", "files", "told"),
    [
        ({"json.invalid": "{what}"}, {}, "‘{what}’ is no name"),
        ({"scan.timeout": "{seconds:d}"}, {}, "‘{seconds}’ is no name"),
        ({"file.encrypted": "{kind}"}, {}, "‘{kind}’ is no name"),
        ({"json.invalid": "{"}, {}, "a brace is missing"),
        ({"json.invald": "x"}, {}, "‘json.invald’ is no code"),
        ({}, {"unknown": None}, "‘unknown’ is missing"),
    ],
)
def test_mistakes(tmp_path: Path, problems: dict[str, str], files: dict[str, Any], told: str) -> None:
    content = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    content["problems"] |= problems
    content["files"] = {name: text for name, text in {**content["files"], **files}.items() if text}
    path = tmp_path / "en.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load(path, Templates)


def test_codes_of_a_companys_own_detectors_may_have_words(tmp_path: Path) -> None:
    content = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    content["problems"] = {"acme.unreachable": "The service {host} cannot be reached."}
    path = tmp_path / "en.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    said = english(tmp_path)
    assert said(Reason("acme.unreachable", {"host": "x"})) == "The service x cannot be reached."
    assert said(Reason(Code.JSON_INVALID)) == "(json.invalid)"
