from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.commands.inputs import CONFIG, LEAKY, Run
from tests.samples.office import docx, paragraph


def test_policy_check_of_what_is_shipped(shipped: Run) -> None:
    result = shipped("policy check")
    assert (result.exit_code, "0 warnings" in result.stdout) == (0, True)


def test_a_mistake_in_a_file_is_explained(shipped: Run, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text().replace("action: block", "action: blok", 1))
    line = policy.read_text().split("action: blok")[0].count("\n") + 1
    for command in (("policy check",), ("scan", "--no-names")):
        result = shipped(*command, config=config)
        assert result.exit_code == 2
        assert f"policy.yaml:{line}" in result.output
        assert "blok" in result.output and "block" in result.output


def test_a_wire_format_that_does_not_exist_is_a_mistake(shipped: Run, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    destinations = config / "destinations" / "apis.yaml"
    destinations.write_text(destinations.read_text().replace("format: openai_chat", "format: openai_chatt", 1))
    result = shipped("policy check", config=config)
    assert result.exit_code == 2
    assert "openai_chatt" in result.output and "openai_chat" in result.output


@pytest.mark.parametrize(
    ("text", "destination", "status", "expected"),
    [
        (LEAKY, "api.openai.com", 1, "block"),
        ("Write to jane@orchard-lane.com", "api.openai.com", 0, "replaced"),
        ("Write to jane@orchard-lane.com", "chatgpt.com", 1, "block"),
        ("hello", "chatgpt.com", 0, "allowed"),
    ],
)
def test_policy_explain_says_which_rule_and_why(
    shipped: Run, text: str, destination: str, status: int, expected: str
) -> None:
    result = shipped("policy explain", "--no-names", "--destination", destination, text=text)
    assert result.exit_code == status, result.output
    assert expected in result.stdout
    assert "orchard" not in result.stdout


def test_policy_explain_names_an_unknown_destination(shipped: Run) -> None:
    result = shipped("policy explain", "--no-names", "--destination", "chatgtp.com")
    assert result.exit_code == 2
    assert "“chatgtp.com”" in result.output
    assert "Did you mean ‘chatgpt.com’?" in result.output


@pytest.mark.parametrize(
    ("name", "destination", "status", "told"),
    [
        ("letter.docx", "openai-api", 0, "is sent with values replaced"),
        ("letter.docx", "oci-genai", 1, "cannot be changed without breaking it"),
        ("letter.eml", "openai-api", 1, "paste its text instead"),
        ("letter.zip", "openai-api", 1, "What helps: unpack it, and send the files in it one by one."),
        ("damaged.docx", "openai-api", 1, "rule ‘not-inspected’: What cannot be read cannot be checked. It could not"),
        ("letter.txt", "oci-genai", 1, "cannot be changed without breaking it"),
    ],
)
def test_policy_explain_decides_on_files_as_on_uploads(
    shipped: Run, tmp_path: Path, name: str, destination: str, status: int, told: str
) -> None:
    words = "Write to jane.porter@fabrikam.com"
    mail = f"From: Jo\nSubject: Offer\n\n{words}\n".encode()
    document = docx(paragraph(words))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("letter.txt", words)
    files = {
        "letter.zip": packed.getvalue(),
        "letter.docx": document,
        "damaged.docx": document[:300],
        "letter.eml": mail,
        "letter.txt": words.encode(),
    }
    (tmp_path / name).write_bytes(files[name])
    result = shipped("policy explain", "--no-names", "--destination", destination, str(tmp_path / name))
    assert result.exit_code == status, result.output
    assert told in result.stdout
    assert ("(file)" in result.stdout) is (name in ("letter.docx", "letter.eml", "letter.zip"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("data_classes: credentials}", "entity_types: [IBAN_COD]}", "‘IBAN_COD’ under `entity_types`"),
        ("operators: {}", "operators: {EMAIL_ADRESS: {type: mask}}", "entity type ‘EMAIL_ADRESS’"),
        ("data_classes: credentials}", "destinations: opnai-api}", "‘opnai-api’ under `destinations`"),
    ],
)
def test_policy_check_refuses_names_of_what_there_is_not(
    shipped: Run, tmp_path: Path, old: str, new: str, told: str
) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    policy = config / "policy.yaml"
    assert old in policy.read_text()
    policy.write_text(policy.read_text().replace(old, new, 1))
    result = shipped("policy check", config=config)
    assert result.exit_code == 1
    assert "error: " in result.stdout and told in result.stdout and "Did you mean" in result.stdout
    assert "not right: 1 mistake" in result.stdout
