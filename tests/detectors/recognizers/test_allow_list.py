from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.detectors.recognizers.allow_list import AllowList, load_allow_list, load_allow_lists
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.detectors.values import fingerprint
from promptguard.errors import ConfigError

ALLOW = """\
allow:
  - reason: test card
    entity_types: [CREDIT_CARD]
    values: ['4111 1111 1111 1111']
  - patterns: ['[^@]+@example\\.com']
  - entity_types: [IP_ADDRESS]
    networks: [192.0.2.0/24, '2001:db8::/32']
"""


def load(folder: Path, text: str) -> AllowList:
    (folder / "allow.yaml").write_text(text)
    return load_allow_list(folder / "allow.yaml")


@pytest.mark.parametrize(
    ("value", "entity_type", "allowed"),
    [
        ("4111-1111-1111-1111", "CREDIT_CARD", True),
        ("4111111111111111", "US_BANK_NUMBER", False),
        ("4111111111111112", "CREDIT_CARD", False),
        ("Anna@Example.com", "EMAIL_ADDRESS", True),
        ("anna@example.community", "EMAIL_ADDRESS", False),
        ("192.0.2.200", "IP_ADDRESS", True),
        ("192.0.3.1", "IP_ADDRESS", False),
        ("2001:db8::7", "IP_ADDRESS", True),
        ("not an address", "IP_ADDRESS", False),
    ],
)
def test_allows(tmp_path: Path, value: str, entity_type: str, allowed: bool) -> None:
    assert load(tmp_path, ALLOW).allows(value, entity_type) is allowed


@pytest.mark.parametrize(("key", "allowed"), [(b"this installation", True), (b"another one", False), (b"", False)])
def test_a_fingerprint_allows_a_value_under_its_own_key(tmp_path: Path, key: bytes, allowed: bool) -> None:
    mark = fingerprint("Jane Roe", b"this installation")
    listed = replace(load(tmp_path, f"allow: [{{fingerprints: ['{mark}'], entity_types: [PERSON]}}]"), key=key)
    assert listed.allows("jane  roe", "PERSON") is allowed
    assert not listed.allows("jane roe", "LOCATION")
    assert not listed.allows("Jane Doe", "PERSON")


def test_all_lists_of_a_folder_are_one(tmp_path: Path) -> None:
    load(tmp_path, ALLOW)
    (tmp_path / "allow_more.yaml").write_text("allow: [{values: [T-0000], reason: the manual}]")
    (tmp_path / "allowed.yaml").write_text("recognizers: []")
    lists = load_allow_lists(tmp_path)
    allowance = lists.allowance("t-0000", "TICKET")
    assert allowance is not None and allowance.reason == "the manual"
    assert lists.allows("192.0.2.7", "IP_ADDRESS")
    assert lists.version != load_allow_list(tmp_path / "allow.yaml").version


@pytest.mark.parametrize(
    ("name", "entity_type", "allowed"),
    [
        ("Albert Einstein", "PERSON", True),
        ("SHAKESPEARE", "PERSON", True),
        ("Albert Einstein", "TENANT_NAME", False),
        ("Adam Smith", "PERSON", False),
        ("Julia", "PERSON", False),
    ],
)
def test_names_that_everybody_knows(
    shipped_recognizers: RecognizerSet, name: str, entity_type: str, allowed: bool
) -> None:
    assert shipped_recognizers.allow_list.allows(name, entity_type) is allowed


def test_a_missing_file_allows_nothing(tmp_path: Path) -> None:
    assert not load_allow_list(tmp_path / "allow.yaml").allows("192.0.2.1", "IP_ADDRESS")


@pytest.mark.parametrize(
    ("value", "entity_type", "entry"),
    [
        ("4111 1111 1111 1111", "CREDIT_CARD", "allow.yaml:2"),
        ("anna@example.com", "EMAIL_ADDRESS", "allow.yaml:5"),
        ("T-0000", "TICKET", "the-manual"),
        ("T-0001", "TICKET", None),
    ],
)
def test_an_entry_has_a_name(tmp_path: Path, value: str, entity_type: str, entry: str | None) -> None:
    load(tmp_path, ALLOW)
    (tmp_path / "allow_more.yaml").write_text("allow: [{values: [T-0000], id: the-manual}]")
    assert load_allow_lists(tmp_path).entry(value, entity_type) == entry


def test_the_entry_of_a_fingerprint(tmp_path: Path) -> None:
    mark = fingerprint("Jane Roe", b"key")
    listed = replace(load(tmp_path, f"allow: [{{id: jane, fingerprints: ['{mark}']}}]"), key=b"key")
    assert (listed.entry_of(mark), listed.entry_of("0" * 32)) == ("jane", None)
    assert replace(listed, key=b"").entry_of(mark) is None


def test_two_files_share_no_id(tmp_path: Path) -> None:
    for name in ("allow_a.yaml", "allow_b.yaml"):
        (tmp_path / name).write_text("allow: [{values: [x], id: same}]")
    with pytest.raises(ConfigError, match="another item has the id ‘same’") as raised:
        load_allow_lists(tmp_path)
    assert raised.value.file == tmp_path / "allow_b.yaml"


def test_version_follows_the_contents(tmp_path: Path) -> None:
    assert load(tmp_path, ALLOW).version == load(tmp_path, ALLOW).version != load(tmp_path, "allow: []").version


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("allowed: []", 1, "did you mean ‘allow’?"),
        ("allow:\n  - {value: [x]}", 2, "did you mean ‘values’?"),
        ("allow:\n  - {reason: none}", 2, "allows nothing"),
        ("allow:\n  - fingerprints: [abc]", 2, "no fingerprint"),
        ("allow:\n  - patterns: ['(']", 2, "does not compile"),
        ("allow:\n  - {id: Our own, values: [x]}", 2, "no id of an item"),
        ("allow:\n  - {id: al-0a1b2c3d4e5f, values: [x]}", 2, "not beginning with al-"),
        ("allow:\n  - {id: ours, values: [x]}\n  - {id: ours, values: [y]}", 3, "another item has the id ‘ours’"),
        ("allow:\n  - networks: [192.0.2.1/24]", 2, "host bits"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text)
    assert raised.value.line == line
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("value", "entity_type"),
    [
        ("203.0.113.9", "IP_ADDRESS"),
        ("8.8.8.8", "IP_ADDRESS"),
        ("jane@example.org", "EMAIL_ADDRESS"),
        ("git@github.com", "EMAIL_ADDRESS"),
        ("4242424242424242", "CREDIT_CARD"),
        ("+1 212-555-0123", "PHONE_NUMBER"),
    ],
)
def test_shipped_list(shipped_recognizers: RecognizerSet, value: str, entity_type: str) -> None:
    assert shipped_recognizers.allow_list.allows(value, entity_type)
    assert not shipped_recognizers.allow_list.allows(value, "PASSWORD")
