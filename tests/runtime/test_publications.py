"""Published configurations, from the key to the folder that is in force, on a database in a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.bundle_store import BundleStore
from promptguard.configuration.publishing import shared_files
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.evidence.keys import public_pem
from promptguard.policy.publications import PublicationStore
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.publication_following import PublicationFollowing
from promptguard.runtime.publications import Publications, configuration_in_force, followed
from promptguard.runtime.publishing import Signer, check_files, check_signer, earlier, publish, taken_up
from promptguard.storage.sqlite.backend import SQLiteBackend

CONFIG = Path(__file__).parents[2] / "config"

TICKET = """
recognizers:
  - name: Ticket
    type: custom
    supported_entity: TICKET
    data_class: confidential_records
    patterns: [{{name: ticket, regex: '{regex}', score: 0.9}}]
"""


@pytest.fixture
def signer() -> Signer:
    return Signer("ann", Ed25519PrivateKey.generate())


@pytest.fixture
def config(tmp_path: Path, signer: Signer) -> Path:
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    (folder / "signer.pem").write_bytes(public_pem(signer.key.public_key()))
    (folder / "promptguard.yaml").write_text("configuration: {signed_by: signer.pem}\n")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PublicationStore]:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        yield backend.publications(bytes(32))


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def publications(config: Path, data: DataFolder) -> Publications:
    return Publications(config, data, [config / "signer.pem"])


type Change = Callable[[str], dict[str, bytes]]


@pytest.fixture
def version(config: Path) -> Change:
    """The files with another `version` of the policy."""

    def change(version: str) -> dict[str, bytes]:
        files = shared_files(config)
        policy = files["policy.yaml"].replace(b'version: "1"', f'version: "{version}"'.encode())
        return {**files, "policy.yaml": policy}

    return change


def following(
    publications: Publications, store: PublicationStore, check: Callable[[Bundle], object] = bool, number: int = 0
) -> PublicationFollowing:
    return PublicationFollowing(publications, store, check, number)


def test_the_newest_is_in_force_until_the_next(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change, config: Path, data: DataFolder
) -> None:
    proxy = following(publications, store)
    assert not proxy.take_up()
    assert (publications.number, publications.in_force) == (0, config)
    publish(store, version("2"), signer, "because")
    assert proxy.take_up(), proxy.problem
    assert not proxy.take_up()
    folder = BundleStore(publications.in_force)
    assert folder.current.policy.version == "2"
    own = load_bundle(config).settings
    assert own.configuration.signed_by and folder.current.settings == own, "promptguard.yaml stays the machine's own"
    publish(store, version("3"), signer, "more")
    assert proxy.take_up() and folder.refresh()
    assert folder.current.policy.version == "3"
    assert configuration_in_force(config, data, [config / "signer.pem"]) == publications.current
    assert followed(folder.current.folder, data) == publications.current
    assert followed(config, data) == config


def test_a_published_version_may_have_less(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change
) -> None:
    """Half a folder is refused; what was signed was meant."""
    publish(store, version("2"), signer, "all")
    proxy = following(publications, store)
    assert proxy.take_up()
    folder = BundleStore(publications.in_force)
    before = len(folder.current.registry.destinations)
    files = version("2")
    gone = next(name for name in sorted(files) if name.startswith("destinations/"))
    publish(store, {name: content for name, content in files.items() if name != gone}, signer, "fewer")
    assert proxy.take_up() and folder.refresh()
    assert folder.problem is None
    assert len(folder.current.registry.destinations) < before


def test_processes_that_take_up_the_same_at_once_leave_each_other_its_files(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change, config: Path, data: DataFolder
) -> None:
    other = following(Publications(config, data, [config / "signer.pem"]), store)

    def check(bundle: Bundle) -> None:
        """The second comes while the first looks at what it has written."""
        there = bundle.place.stat().st_ino
        assert other.take_up()
        assert bundle.place.stat().st_ino == there

    publish(store, version("2"), signer, "because")
    first = following(publications, store, check)
    assert first.take_up(), first.problem
    assert load_bundle(publications.in_force).policy.version == "2"
    half = publications.current.parent / "000002"  # written by one that was killed
    half.mkdir()
    publish(store, version("3"), signer, "because")
    assert other.take_up(), other.problem
    assert load_bundle(publications.in_force).policy.version == "3"


def test_what_the_disk_did_not_take_is_taken_up_later(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change, data: DataFolder
) -> None:
    publish(store, version("2"), signer, "because")
    data.configuration.parent.mkdir(parents=True)
    data.configuration.touch()  # where a folder has to be
    proxy = following(publications, store)
    assert not proxy.take_up()
    assert "cannot be written" in proxy.problem
    data.configuration.unlink()
    assert proxy.take_up() and not proxy.problem


def bad_check(_: Bundle) -> None:
    raise ConfigError("a.yaml", 1, "this recognizer does not compile", "Mend it.")


def test_what_is_no_good_is_refused_and_told(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change
) -> None:
    publish(store, version("2"), signer, "good")
    assert following(publications, store).take_up()
    stranger = Signer("eve", Ed25519PrivateKey.generate())
    cases = [
        (stranger, version("3"), bool, "signed by none of the keys"),
        (signer, {**version("3"), "policy.yaml": b"rules: 1\n"}, bool, "policy.yaml"),
        (signer, {**version("3"), "promptguard.yaml": b"listen: 0.0.0.0:1\n"}, bool, "each machine's own"),
        (signer, {**version("3"), "recognizers/../../../x": b""}, bool, "each machine's own"),
        (signer, version("3"), bad_check, "does not compile"),
    ]
    for by, files, check, why in cases:
        number = publish(store, files, by, "bad").number
        proxy = following(publications, store, check)
        assert not proxy.take_up()
        assert why in proxy.problem and f"Version {number} " in proxy.problem and "version 1 stays" in proxy.problem
        assert publications.number == 1
        assert number in {run.refused for run in store.running("")}
    assert load_bundle(publications.in_force).policy.version == "2"


def test_an_older_one_is_not_taken_again(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change, tmp_path: Path
) -> None:
    """Who can write the database cannot bring back a version that was withdrawn."""
    for number in ("2", "3"):
        publish(store, version(number), signer, "so")
    assert following(publications, store).take_up()
    with closing(SQLiteBackend.open(tmp_path / "older.db")) as backend:
        older = backend.publications(bytes(32))
        publish(older, version("2"), signer, "so")
        proxy = following(publications, older)
        assert not proxy.take_up()
    assert "Version 2 of the configuration stays in force: the newest in the database is 1" in proxy.problem


def test_files_that_were_changed_on_disk_are_not_used(
    publications: Publications, store: PublicationStore, signer: Signer, version: Change
) -> None:
    publish(store, version("2"), signer, "so")
    assert following(publications, store).take_up()
    policy = publications.current / "policy.yaml"
    policy.write_bytes(policy.read_bytes() + b"# more\n")
    with pytest.raises(PromptGuardError, match="have been changed"):
        _ = publications.in_force


def test_going_back(publications: Publications, store: PublicationStore, signer: Signer, version: Change) -> None:
    for number in ("2", "3", "4"):
        publish(store, version(number), signer, number)
    back, files = earlier(store, None)
    assert (back.number, files) == (2, version("3"))
    again = publish(store, files, signer, "4 was wrong", restores=back.number)
    assert (again.number, again.restores, again.hash) == (4, 2, back.hash)
    assert following(publications, store).take_up()
    assert load_bundle(publications.in_force).policy.version == "3"
    assert earlier(store, 1)[1] == version("2")
    with pytest.raises(PromptGuardError, match=r"no earlier version 9.*There are: 3, 2, 1"):
        earlier(store, 9)


@pytest.mark.parametrize("at_least", [2, 3])
def test_a_new_machine_takes_no_older_one(
    store: PublicationStore, signer: Signer, version: Change, publications: Publications, at_least: int
) -> None:
    proxy = PublicationFollowing(publications, store, bool, at_least=at_least)
    assert not proxy.take_up() and "there is none in the database" in proxy.problem
    for number in range(1, at_least):
        publish(store, version(f"old {number}"), signer, "so")
        assert not proxy.take_up() and f"the newest in the database is {number}" in proxy.problem
        proxy.still_runs()
        assert [(run.taken, run.refused) for run in taken_up(store, number, 0)] == [(0, number)]
    publish(store, version("new"), signer, "so")
    assert proxy.take_up() and not proxy.problem


def test_a_machine_keeps_what_it_has_until_it_is_given_what_it_asks_for(
    store: PublicationStore, signer: Signer, version: Change, publications: Publications
) -> None:
    publish(store, version("1"), signer, "so")
    assert following(publications, store).take_up()
    proxy = PublicationFollowing(publications, store, bool, at_least=2)
    for _ in range(2):
        assert not proxy.take_up()
        assert proxy.problem.startswith("Version 1 of the configuration stays in force: configuration.at_least is 2")
    proxy.still_runs()
    assert [(run.taken, run.refused) for run in taken_up(store, 1, 0)] == [(1, 0)]
    publish(store, version("2"), signer, "so")
    assert proxy.take_up() and not proxy.problem


def test_what_became_of_it(
    store: PublicationStore, signer: Signer, version: Change, publications: Publications
) -> None:
    number = publish(store, version("2"), signer, "so").number
    proxies = [following(publications, store, number=member) for member in range(2)]

    def pause(_: float) -> None:
        for proxy in proxies:
            proxy.take_up()
            proxy.still_runs()

    pause(0)
    assert [run.taken for run in taken_up(store, number, 60, pause)] == [1, 1]
    for proxy in proxies:
        proxy.ended()
    assert taken_up(store, number, 60, pause) == []


def test_what_is_looked_at_before(config: Path, version: Change, signer: Signer, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    check_files(config, version("2"), cache=cache)
    assert not cache.exists(), "nothing is written where no proxy runs"
    with pytest.raises(PromptGuardError, match=r"policy\.yaml"):
        check_files(config, {**version("2"), "policy.yaml": b"rules: 1\n"})
    with pytest.raises(ConfigError) as told:
        check_files(config, {**version("2"), "policy.yaml": b"rules: 1\n"}, Path("checkout"))
    assert told.value.file == Path("checkout/policy.yaml")
    wrong = {**version("2"), "recognizers/tickets.yaml": TICKET.format(regex="(").encode()}
    cache.mkdir()
    for _ in range(2):  # what was refused is noted nowhere
        with pytest.raises(ConfigError, match=r"tickets\.yaml"):
            check_files(config, wrong, cache=cache)
    check_signer(signer.key, [config / "signer.pem"])
    for signers, why in (([], "names nobody"), ([config / "signer.pem"], "would refuse it")):
        with pytest.raises(PromptGuardError, match=why):
            check_signer(Ed25519PrivateKey.generate(), signers)
