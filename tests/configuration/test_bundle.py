from pathlib import Path

import pytest
from tests.samples.small_configuration import ANOTHER, DESTINATIONS, POLICY, SHIPPED, small_configuration

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.bundle_store import BundleStore
from promptguard.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_configuration(tmp_path / "config")


def test_the_shipped_configuration_is_right_and_leaves_no_doubts() -> None:
    bundle = load_bundle(SHIPPED)
    assert bundle.doubts() == ()
    assert bundle.recognizers_folder == SHIPPED / "recognizers"
    assert bundle.registry.find_host("api.openai.com") is not None


def test_settings_and_identities_may_be_missing(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert bundle.settings.listen == "127.0.0.1:8080"
    assert bundle.identities.users == frozenset()
    assert bundle.policy.version == "7"


@pytest.mark.parametrize(
    ("name", "text", "line", "part"),
    [
        ("policy.yaml", None, None, "this file is missing"),
        ("destinations.yaml", None, None, "this file is missing"),
        ("notices/en.yaml", None, None, "this file is missing"),
        ("promptguard.yaml", "\nidentity:\n  htpasswd: none\n", 3, "there is no file"),
        ("promptguard.yaml", "names:\n  workers: all\n", 2, "write one from 1 to 64, or auto"),
        ("promptguard.yaml", "names:\n  spacy_model: de_core_news_xx\n", 2, "spaCy package ‘de_core_news_xx’"),
        ("promptguard.yaml", "upstream:\n  ca_file: none.pem\n", 2, "there is no file"),
        (
            "destinations.yaml",
            DESTINATIONS.replace("openai_chat", "opnai"),
            7,
            "wire format ‘opnai’, which there is not",
        ),
        ("identities.yaml", "users: 3\n", 1, "‘users’ is the number 3"),
        ("identities.yaml", "languages:\n  groups:\n    tokyo: ja\n", 3, "there are no notices in ‘ja’"),
        ("policy.yaml", POLICY.replace("allow", "alow"), 4, "Did you mean ‘allow’?"),
    ],
)
def test_mistakes(folder: Path, name: str, text: str | None, line: int | None, part: str) -> None:
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_bundle(folder)
    assert (caught.value.file, caught.value.line) == (folder / name, line)
    assert part in str(caught.value)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such configuration folder"):
        BundleStore(tmp_path / "none")


def test_doubts_name_the_line(folder: Path) -> None:
    (folder / "policy.yaml").write_text(
        "version: '1'\nrules:\n  - id: some\n    when: {destinations: some-ap}\n    action: block\n    reason: R.\n"
        "  - {id: rest, action: allow, reason: R.}\n"
    )
    doubts = load_bundle(folder).doubts()
    about_the_rule = [doubt for doubt in doubts if doubt.error.line == 3]
    assert [doubt.is_mistake for doubt in about_the_rule] == [True]
    assert about_the_rule[0].error.remedy.startswith("Did you mean ‘some-api’?")


def test_a_workspace_of_a_group_that_there_is_not_is_doubted(folder: Path) -> None:
    (folder / "promptguard.yaml").write_text(
        "workspaces:\n  - provider: openai\n    allowed: 550e8400-e29b-41d4-a716-446655440000\n    groups: [slaes]\n"
    )
    (folder / "identities.yaml").write_text("users: {anna: [sales]}\n")
    bundle = load_bundle(folder)
    (doubt,) = [each for each in bundle.doubts() if "workspace" in each.error.problem]
    assert (doubt.is_mistake, doubt.error.line) == (True, 4)
    assert doubt.error.remedy.startswith("Did you mean ‘sales’?")
    assert bundle.workspaces.fields("chatgpt.com", ["slaes"])


@pytest.mark.parametrize(
    ("identity", "doubted"),
    [
        ("{}", ["users", "groups"]),
        ("{htpasswd: users.htpasswd}", ["groups"]),
        ("{devices: true}", ["groups"]),
        ("{openid: {OPENID, groups: {b2a4: sales}}}", ["groups"]),
        ("{openid: {OPENID, groups: {b2a4: [sales, support]}}}", []),
        ("{openid: {OPENID}}", []),
    ],
)
def test_names_that_only_a_sign_in_tells_are_not_doubted(folder: Path, identity: str, doubted: list[str]) -> None:
    openid = "issuer: https://id.example, client_id: c, url: 'https://proxy.example:8443', listen: 127.0.0.1:8443"
    (folder / "promptguard.yaml").write_text(
        f"identity: {identity.replace('OPENID', openid)}\npac: {{proxies: ['https://proxy.example:8080']}}\n"
    )
    (folder / "users.htpasswd").write_text("anna:$2b$04$" + "a" * 53 + "\n")
    (folder / "identities.yaml").write_text("users: {ben: [sales]}\n")
    (folder / "policy.yaml").write_text(
        "version: '1'\nrules:\n  - {id: a, when: {users: anna, groups: support}, action: block, reason: R.}\n"
        "  - {id: rest, action: allow, reason: R.}\n"
    )
    told = [each.error.problem for each in load_bundle(folder).doubts() if each.is_mistake]
    assert len(told) == len(doubted) and all(word in each for word, each in zip(doubted, told, strict=True)), told


@pytest.mark.parametrize(
    ("console", "doubted"),
    [("{}", 1), ("{url: 'https://guard.example'}", 0), ("{url: 'https://guard.example', staff_links: false}", 1)],
)
def test_a_document_that_nobody_can_acknowledge_is_doubted(folder: Path, console: str, doubted: int) -> None:
    (folder / "promptguard.yaml").write_text(f"console: {console}\n")
    (folder / "ai-policy.md").write_text("Be careful.")
    policy = (folder / "policy.yaml").read_text()
    (folder / "policy.yaml").write_text(f"{policy}\nacknowledgement: {{document: ai-policy.md}}\n")
    doubts = [each for each in load_bundle(folder).doubts() if "acknowledge" in each.error.problem]
    assert [each.is_mistake for each in doubts] == [False] * doubted
    assert all("console.hosts" in each.error.remedy for each in doubts)


def test_an_incident_that_waits_for_a_rule_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "incidents.yaml").write_text(
        "kinds:\n  - id: leak\n    title: A leak\n    deadline_min: 15\n"
        "    steps: [{id: told, title: Told, in_time: true}]\n"
        "    opened_by:\n      - id: sent\n        outcome: exposed\n        destinations: some-ap\n"
    )
    (doubt,) = [each for each in load_bundle(folder).doubts() if each.error.file.name == "incidents.yaml"]
    assert (doubt.is_mistake, doubt.error.line) == (True, 9)
    assert doubt.error.remedy.startswith("Did you mean ‘some-api’?")


def test_files_of_channels_are_absolute_and_have_to_be_there(folder: Path) -> None:
    (folder / "incidents.yaml").write_text("channels:\n  chat:\n    kind: slack\n    url_file: slack.url\n")
    with pytest.raises(ConfigError) as caught:
        load_bundle(folder)
    assert (caught.value.file.name, caught.value.line) == ("incidents.yaml", 4)
    (folder / "slack.url").write_text("https://hooks.example.com/x")
    assert load_bundle(folder).incidents.channels["chat"].url_file == folder / "slack.url"


def test_a_language_without_texts_is_a_mistake_of_the_settings(folder: Path) -> None:
    (folder / "promptguard.yaml").write_text("listen: 127.0.0.1:8080\nnotices:\n  language: fr\n")
    with pytest.raises(ConfigError) as caught:
        load_bundle(folder)
    assert (caught.value.file.name, caught.value.line) == ("promptguard.yaml", 3)
    assert "The languages are: " in caught.value.remedy


def test_texts_of_a_language_that_is_not_in_use_are_checked(folder: Path) -> None:
    (folder / "notices" / "xx.yaml").write_text("title: Stopped\n")
    with pytest.raises(ConfigError, match=r"xx\.yaml"):
        load_bundle(folder)


def test_what_is_switched_off_is_doubted_where_it_is_named(folder: Path) -> None:
    (folder / "destinations.yaml").write_text(DESTINATIONS + ANOTHER + "disabled: some-api\n")
    (folder / "policy.yaml").write_text(
        "version: '1'\nrules:\n  - id: some\n    when: {destinations: [some-api, other]}\n    action: block\n"
        "    reason: R.\n  - {id: rest, action: allow, reason: R.}\n"
    )
    doubts = load_bundle(folder).doubts()
    told = [(doubt.error.file.name, doubt.error.line, doubt.error.problem) for doubt in doubts]
    about = [each for each in told if "switched off" in each[2]]
    assert about == [
        ("policy.yaml", 3, "the rule ‘some’ names ‘some-api’, which is switched off, so that no request to it is seen"),
        ("destinations.yaml", 2, "1 AI service is switched off, with hosts that pass undecrypted: some-api"),
        ("destinations.yaml", 2, "‘some-api’: it is switched off, and an alternative to other"),
    ]
    assert not any(doubt.is_mistake for doubt in doubts)
