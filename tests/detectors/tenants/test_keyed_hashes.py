import pytest

from promptguard.detectors.tenants.keyed_hashes import SALT_BYTES, KeyedHashes, as_halves

KEY, SALT = bytes(range(32)), bytes(SALT_BYTES)


def test_everything_depends_on_key_and_salt() -> None:
    several = [KeyedHashes(KEY, SALT), KeyedHashes(bytes(32), SALT), KeyedHashes(KEY, bytes([1]) * SALT_BYTES)]
    for told in (
        {hashes.digest("acme") for hashes in several},
        {hashes.check for hashes in several},
        {hashes.description_key for hashes in several},
        {hashes.tag().digest() for hashes in several},
        {hashes.crypt("labels", bytes(32)) for hashes in several},
        {tuple(hashes.filter_parameters()) for hashes in several},
    ):
        assert len(told) == len(several)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        KeyedHashes(b"short", SALT)


@pytest.mark.parametrize(("begin", "end"), [(0, 100), (0, 5), (16, 32), (17, 40), (99, 100), (50, 50)])
def test_a_part_can_be_decrypted_alone(begin: int, end: int) -> None:
    hashes = KeyedHashes(KEY, SALT)
    content = bytes(range(100))
    encrypted = hashes.crypt("labels", content)
    assert encrypted != content
    assert hashes.crypt("labels", encrypted[begin:end], begin) == content[begin:end]
    assert hashes.crypt("sieve", encrypted) != content


def test_halves() -> None:
    assert as_halves(bytes([1, *[0] * 7, 2, *[0] * 7]) * 2).tolist() == [[1, 2], [1, 2]]


def test_a_lone_surrogate_is_hashed() -> None:
    assert len(KeyedHashes(KEY, SALT).digest("\ud800")) == 16
