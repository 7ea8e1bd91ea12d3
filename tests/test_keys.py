import hmac
import os
import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from promptguard.errors import ConfigError
from promptguard.keys import MASTER_FILE, Keys, SealingCipher, derive

PURPOSES = ("fingerprint", "placeholder", "vault", "audit", "cache", "tenants", "documents", "sources")

posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")


def test_derive_is_hkdf_of_rfc_5869() -> None:
    secret = bytes(range(32))
    extracted = hmac.digest(bytes(32), secret, "sha256")
    expanded = hmac.digest(extracted, b"promptguard/v1/audit" + b"\x01", "sha256")
    assert derive(secret, "audit") == expanded


def test_each_purpose_has_its_own_key() -> None:
    keys = Keys(bytes(32), Path())
    derived = {getattr(keys, purpose) for purpose in PURPOSES}
    assert len(derived) == len(PURPOSES)
    assert all(len(key) == 32 for key in derived)


def test_keys_stay_the_same(tmp_path: Path) -> None:
    first = Keys.load_or_create(tmp_path / "keys")
    second = Keys.load_or_create(tmp_path / "keys")
    assert all(getattr(first, purpose) == getattr(second, purpose) for purpose in PURPOSES)
    assert first.pseudonym("alice") == second.pseudonym("alice")


def test_load_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Keys.load(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()
    made = Keys.load_or_create(tmp_path / "keys")
    assert Keys.load(tmp_path / "keys").audit == made.audit


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one, other = Keys.load_or_create(tmp_path / "one"), Keys.load_or_create(tmp_path / "other")
    assert all(getattr(one, purpose) != getattr(other, purpose) for purpose in PURPOSES)
    assert one.pseudonym("alice") != other.pseudonym("alice")


def test_only_the_master_key_is_left_behind(tmp_path: Path) -> None:
    Keys.load_or_create(tmp_path / "keys")
    assert [file.name for file in (tmp_path / "keys").iterdir()] == [MASTER_FILE]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(Keys.load_or_create, [tmp_path / "keys"] * 16))
    assert len({keys.audit for keys in made}) == 1


@pytest.mark.parametrize("name", ["alice", "", "zoë", "Ümläut Name", "\ud800"])
def test_pseudonym(name: str) -> None:
    keys = Keys(bytes(32), Path())
    pseudonym = keys.pseudonym(name)
    assert re.fullmatch(r"p_[a-z2-7]{16}", pseudonym)
    assert pseudonym == keys.pseudonym(name)
    assert pseudonym != keys.pseudonym(name + "x")


def test_repr_shows_no_key(tmp_path: Path) -> None:
    keys = Keys.load_or_create(tmp_path)
    assert repr(keys) == f"Keys({str(tmp_path)!r})"


@posix_only
def test_modes_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Keys.load_or_create(tmp_path / "data" / "keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "data" / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "keys" / MASTER_FILE).stat().st_mode) == 0o600


@posix_only
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "remedy"),
    [
        (0o640, 0o700, "chmod 600"),
        (0o604, 0o700, "chmod 600"),
        (0o620, 0o700, "chmod 600"),
        (0o600, 0o770, "chmod 700"),
        (0o600, 0o702, "chmod 700"),
    ],
)
def test_key_within_the_reach_of_others_is_refused(
    tmp_path: Path, file_mode: int, folder_mode: int, remedy: str
) -> None:
    folder = tmp_path / "keys"
    Keys.load_or_create(folder)
    (folder / MASTER_FILE).chmod(file_mode)
    folder.chmod(folder_mode)
    with pytest.raises(ConfigError) as caught:
        Keys.load_or_create(folder)
    assert remedy in caught.value.remedy


@posix_only
def test_folder_that_others_can_list_is_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = Keys.load_or_create(folder)
    folder.chmod(0o755)
    assert Keys.load_or_create(folder).audit == made.audit


@pytest.mark.parametrize(("content", "word"), [(b"", "less"), (b"x" * 31, "less"), (b"x" * 33, "more")])
def test_damaged_key_is_not_replaced(tmp_path: Path, content: bytes, word: str) -> None:
    Keys.load_or_create(tmp_path)
    (tmp_path / MASTER_FILE).write_bytes(content)
    with pytest.raises(ConfigError, match=f"damaged: it has {word}"):
        Keys.load_or_create(tmp_path)
    assert (tmp_path / MASTER_FILE).read_bytes() == content


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be read or made"):
        Keys.load_or_create(tmp_path / "file" / "keys")


def test_master_key_has_one_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short", Path())


def test_key_that_stays(tmp_path: Path) -> None:
    keys = Keys.load_or_create(tmp_path / "keys")
    keys.check_in_place()
    master = tmp_path / "keys" / MASTER_FILE
    content = master.read_bytes()
    master.unlink()
    master.write_bytes(content)
    master.chmod(0o600)
    keys.check_in_place()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda master: master.unlink(), "gone"),
        (lambda master: master.parent.rename(master.parent.with_name("moved")), "gone"),
        (lambda master: master.write_bytes(bytes(32)), "replaced"),
        (lambda master: master.write_bytes(b""), "damaged"),
    ],
)
def test_key_that_is_lost_while_in_use(tmp_path: Path, spoil: Callable[[Path], object], problem: str) -> None:
    keys = Keys.load_or_create(tmp_path / "keys")
    keys.check_in_place()
    spoil(tmp_path / "keys" / MASTER_FILE)
    for _ in range(2):
        with pytest.raises(ConfigError, match=problem):
            keys.check_in_place()


def test_no_key_is_made_beside_what_was_written_with_another(tmp_path: Path) -> None:
    database = tmp_path / "promptguard.db"
    database.write_bytes(b"")
    Keys.load_or_create(tmp_path / "keys", written=[database, tmp_path / "none"])
    (tmp_path / "keys" / MASTER_FILE).unlink()
    database.write_bytes(b"something")
    with pytest.raises(ConfigError, match="was written with it"):
        Keys.load_or_create(tmp_path / "keys", written=[database])
    assert not (tmp_path / "keys" / MASTER_FILE).exists()


def test_what_is_sealed_opens_with_the_same_key_and_bound_to_the_same_alone() -> None:
    sealed = SealingCipher(bytes(32)).seal(b"plain", b"here")
    assert SealingCipher(bytes(32)).open(sealed, b"here") == b"plain"
    for key, content, bound in (
        (b"k" * 32, sealed, b"here"),
        (bytes(32), sealed, b"there"),
        (bytes(32), sealed[:-1], b"here"),
        (bytes(32), b"short", b"here"),
    ):
        with pytest.raises(ValueError):
            SealingCipher(key).open(content, bound)
