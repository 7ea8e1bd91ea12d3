from pathlib import Path

import pytest
from tests.destinations.inputs import FILE

from promptguard.configuration.destinations import Destinations, load_destinations
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import ConfigErrors
from promptguard.wire.formats import load_formats

ANOTHER = """
destinations:
  - id: another
    name: Another
    hosts: [another.example]
    kind: mcp
    status: unreviewed
    alternatives: some-api
"""

NEVER = """
never_decrypt:
  - group: sign-in
    reason: Passwords.
    hosts: [login.example.com, "*.accounts.example.com"]
  - group: storage
    reason: Anybody's.
    unless_named: true
    hosts: ["*.storage.example.com"]
"""


def loaded(folder: Path, **files: str) -> Destinations:
    """What comes of files, named by their paths with `__` for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return load_destinations(folder, load_formats())


@pytest.mark.parametrize(
    ("change", "line", "part"),
    [
        (("id: some-api", "id: some-chat"), 16, "another destination has the id ‘some-chat’ too"),
        (("alternatives: some-api", "alternatives: some-ap"), 9, "Did you mean ‘some-api’?"),
        (("alternatives: some-api", "alternatives: some-chat"), 9, "there is no other destination ‘some-chat’"),
        (("xn--bcher-kva.example", "chat.example.com"), 18, "‘chat.example.com’ already belongs to ‘some-chat’"),
        (("format: generic", "format: generisch"), 8, "names the wire format ‘generisch’, which there is not"),
        (("format: chatgpt_web", "format: chat"), 11, "names the wire format ‘chat’, which there is not"),
    ],
)
def test_mistakes_within_a_file(tmp_path: Path, change: tuple[str, str], line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, destinations=FILE.replace(*change))
    assert (caught.value.file, caught.value.line) == (tmp_path / "destinations.yaml", line)
    assert part in str(caught.value)


def test_a_folder_is_one_registry(tmp_path: Path) -> None:
    found = loaded(tmp_path, destinations__b=FILE, destinations__a=ANOTHER)
    assert list(found.registry.names()) == ["another", "some-chat", "some-api"]
    assert str(found.definitions["some-api"]) == f"{tmp_path / 'destinations' / 'b.yaml'}:16"
    assert found.registry.find_host("another.example") is not None


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("id: another", "id: some-api"), "another destination has the id ‘some-api’ too, {a}:16"),
        (("another.example", "'*.files.example.com'"), "‘*.files.example.com’ already belongs to ‘some-chat’, {a}:5"),
        (("hosts:", "undecrypted_hosts: chat.example.com\n    hosts:"), "already belongs to ‘some-chat’, {a}:5"),
        (("alternatives: some-api", "alternatives: none"), "there is no other destination ‘none’"),
    ],
)
def test_mistakes_between_files_name_both(tmp_path: Path, change: tuple[str, str], part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, destinations__a=FILE, destinations__b=ANOTHER.replace(*change))
    assert caught.value.file == tmp_path / "destinations" / "b.yaml"
    assert part.format(a=tmp_path / "destinations" / "a.yaml") in str(caught.value)


def test_several_mistakes_are_told_together(tmp_path: Path) -> None:
    text = ANOTHER.replace("some-api", "none").replace("another.example", "chat.example.com")
    with pytest.raises(ConfigErrors) as caught:
        loaded(tmp_path, destinations__a=FILE, destinations__b=text)
    assert len(caught.value.errors) == 2


def test_a_file_and_a_folder_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is a folder destinations/ beside this file"):
        loaded(tmp_path, destinations=FILE, destinations__a=ANOTHER)


def test_a_file_that_would_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "destinations").mkdir()
    (tmp_path / "destinations" / "b.yml").write_text(ANOTHER)
    (tmp_path / "destinations" / ".a.yaml.swp").write_text("")
    with pytest.raises(ConfigError, match=r"b\.yml: this file would not be read"):
        loaded(tmp_path, destinations__a=FILE)


@pytest.mark.parametrize("files", [{"destinations": "destinations: []"}, {"destinations__a": "destinations: []"}])
def test_nothing_to_inspect(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="nothing would be inspected"):
        loaded(tmp_path, **files)


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("login.example.com", "sign-in), {never}:5"),
        ("'*.accounts.example.com'", "sign-in"),
        ("'*.a.accounts.example.com'", "sign-in"),
        ("my.accounts.example.com", "sign-in"),
        ("'*.storage.example.com'", "storage), {never}:9"),
        ("mine.storage.example.com", None),
        ("'*.example.com'", None),
        ("accounts.example.com", None),
    ],
)
def test_what_is_never_decrypted_is_no_host_of_a_service(tmp_path: Path, host: str, told: str | None) -> None:
    files = {
        "destinations__a": ANOTHER.replace("another.example", host),
        "destinations__b": FILE,
        "never_decrypt": NEVER,
    }
    if told is None:
        assert loaded(tmp_path, **files).registry.never_decrypt.hosts()
        return
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, **files)
    assert (caught.value.file, caught.value.line) == (tmp_path / "destinations" / "a.yaml", 5)
    assert told.format(never=tmp_path / "never_decrypt.yaml") in str(caught.value)
    allowed = ANOTHER.replace("hosts: [another.example]", f"undecrypted_hosts: {host}")
    assert loaded(tmp_path, destinations__a=allowed).registry.find_host(host.strip("'")) is None


def test_a_file_switches_off_services_of_others(tmp_path: Path) -> None:
    registry = loaded(tmp_path, destinations__a=FILE, destinations__own="disabled: some-chat").registry
    assert [each.enabled for each in registry.destinations] == [False, True]
    assert registry.find_host("chat.example.com") is None


def test_what_is_switched_off_leaves_its_hosts_to_another(tmp_path: Path) -> None:
    own = "disabled: [some-chat]" + ANOTHER.replace("another.example", "chat.example.com, login.example.com")
    never = NEVER.replace("*.accounts", "*.files")
    with pytest.raises(ConfigError, match="never decrypted"):  # of the one that is inspected, and of no other
        loaded(tmp_path, destinations__a=FILE, destinations__own=own, never_decrypt=never)
    own = own.replace(", login.example.com", "")
    registry = loaded(tmp_path, destinations__a=FILE, destinations__own=own, never_decrypt=never).registry
    found = registry.find_host("chat.example.com")
    assert found is not None and found.id == "another"


def test_a_service_to_switch_off_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, destinations__a=FILE, destinations__own="disabled:\n  - some-api\n  - some-chatt\n")
    assert caught.value.line == 3
    assert "Did you mean ‘some-chat’?" in caught.value.remedy


@pytest.mark.parametrize("own", ["disabled: [some-api, some-chat]", "disabled: [some-chat, some-api, some-chat]"])
def test_everything_switched_off(tmp_path: Path, own: str) -> None:
    with pytest.raises(ConfigError, match="nothing would be inspected"):
        loaded(tmp_path, destinations__a=FILE, destinations__own=own)
