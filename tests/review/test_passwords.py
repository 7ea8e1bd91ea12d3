import pytest

from promptguard.review.passwords import complaint, hashed, is_password


def test_a_password_is_kept_as_argon2id_and_known_again() -> None:
    known = hashed("correct horse battery")
    assert known.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_password("correct horse battery", known)
    assert not is_password("correct horse batterie", known)
    assert hashed("correct horse battery") != known


@pytest.mark.parametrize("known", ["", "no hash", "$argon2id$"])
@pytest.mark.parametrize("password", ["", "anything"])
def test_no_password_is_that_of_an_account_without_one(known: str, password: str) -> None:
    assert not is_password(password, known)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short", False),
        ("aaaaaaaaaaaaaa", False),
        ("annannannannann", False),
        ("promptguard promptguard", False),
        ("x" * 257, False),
        ("correct horse battery", True),
        ("пароль длинный и свой", True),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, good: bool) -> None:
    assert (complaint(password, "ann") == "") is good
