import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.samples.small_configuration import ANOTHER, DESTINATIONS, POLICY, SHIPPED, edit, small_configuration

from promptguard.configuration.bundle import Bundle
from promptguard.configuration.bundle_store import BundleStore
from promptguard.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_configuration(tmp_path / "config")


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


def test_switching_off_is_taken_up_while_in_use(folder: Path) -> None:
    (folder / "destinations.yaml").write_text(DESTINATIONS + ANOTHER)
    store = BundleStore(folder)
    edit(folder / "destinations.yaml", DESTINATIONS + "    enabled: false\n" + ANOTHER)
    assert store.refresh() is True
    assert store.current.registry.find_host("api.example.com") is None
