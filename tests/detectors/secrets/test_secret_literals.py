import random

import pytest

from promptguard.detectors.secrets import secret_literals as literals


def random_text(size: int, alphabet: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") -> str:
    return "".join(random.Random(size).choices(alphabet, k=size))


@pytest.mark.parametrize(
    "value",
    ["hunter" + "2", "S0mmer" + "!regen", "liver" + "pool", "wint" + "er-2024", "48" + "2193", "p@ss" + "w0rd!x",
     "MyPass" + "word1", "Welc" + "ome1", "hidden" + "123",
     "blue horse " + "sings loudly",
     "right horse " + "sings loudly 2x", "7KX(Mw" + "bbW", "Xk9!u(%" + "$)vq", "kxq" + "_vbnw", "qkd" + "TbwLwz"],
)  # fmt: skip
def test_quoted_passwords(value: str) -> None:
    assert literals.quoted_password(value) >= literals.WEAK


@pytest.mark.parametrize(
    "value",
    ["", "ab", "password", "changeme", "your-password", "${PASS}", "{{ pw }}", "********", "Enter your password",
     "must not be empty", "new_password", "userPassword", "user.password", "auth-form", "/run/secrets/db",
     "https://h.test/x", "secrets.json", "v1.2.3", "2024-01-31", "sha256", "utf8", "bcrypt", "disabled", "prompt",
     "getPassword()", "config.get(key)", "os.getenv('X", "changemeplease",
     "os.environ", "password1", "my_password1", "User1", "test1234",
     "Пароль", "密码", "Mot de passe oublié ?", "x" * 300, "null", "required"],
)  # fmt: skip
def test_no_quoted_passwords(value: str) -> None:
    assert literals.quoted_password(value) == 0


@pytest.mark.parametrize(
    ("value", "configuration", "code"),
    [
        ("hunter" + "27", True, True),
        ("S0mmer" + "!regen", True, True),
        ("liver" + "pool", True, False),
        ("482" + "193", True, True),
        ("4821", True, False),
        ("user_input2", False, False),
        ("newPassword", False, False),
        ("string", False, False),
        ("sha256", False, False),
        ("arg1", False, False),
    ],
)
def test_bare_passwords(value: str, configuration: bool, code: bool) -> None:
    answers = [literals.bare_password(value, configuration=kind) for kind in (True, False)]
    assert [bool(answer) for answer in answers] == [configuration, code]


def test_titles_are_types_and_headings_where_the_place_says_so() -> None:
    word = "Bern" + "hard"
    assert literals.bare_password(word, configuration=True, titled=True) == literals.WEAK
    assert literals.bare_password(word, configuration=True, titled=False) == 0


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (random_text(16), True),
        (random_text(32), True),
        (random_text(40, "0123456789abcdef"), True),
        (random_text(18, "123456789"), True),
        ("5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50", True),
        ("00000000-0000-0000-0000-000000000000", False),
        ("your-api-key-goes-here-1", False),
        ("my-service-account-2", False),
        ("refreshTokenExpiryV2", False),
        ("tokenizer.encode", False),
        ("process.env.API_KEY_2", False),
        ("cl100k_base", False),
        ("1234567890123456", False),
        ("/etc/secrets/token1.json", False),
        ("2025-10-11T22:14:15Z", False),
        ("abcdefghijklmnop12", False),
        ("${SECRET_TOKEN_1}", False),
        ("aaaaaaaaaaaaaaaa1", False),
        ("arn:aws:iam::1:role/x1", False),
        ("xmlSecKeyDataIdUnknown", False),
        ("two words 12", False),
        ("qwmzkfh" + "trpxvbnlcsdgj", True),
        ("donaudampfschifffahrt", False),
        ("aaaabbbbccccddddeeee", False),
        ("abcdefghijklmnopqrst", False),
    ],
)
def test_issued_keys(value: str, found: bool) -> None:
    assert bool(literals.issued_key(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (random_text(24), True),
        (random_text(40, "0123456789abcdef"), True),
        ("5b3ea9c2-7f14-4d0e-9a6b-2c8d1e7f3a50", False),
        ("user:1234:profile", False),
        ("home_page_title_2", False),
        (random_text(12), False),
    ],
)
def test_any_keys_must_be_long_and_random(value: str, found: bool) -> None:
    assert bool(literals.any_key(value)) is found


@pytest.mark.parametrize(
    ("value", "quoted", "bare"),
    [
        (random_text(20), True, True),
        ("my-app-secret", False, False),
        ("prod/db/password", False, False),
        ("geheim" + "nisvoll", True, False),
        ("s3cr3t" + "!x9", True, True),
        ("secretRef", False, False),
        ("acme_portal_sign" + "ing_2025", True, False),
        ("acme_portal_signing_2", False, False),
    ],
)
def test_chosen_secrets(value: str, quoted: bool, bare: bool) -> None:
    answers = [literals.chosen_secret(value, quoted=kind, configuration=False) for kind in (True, False)]
    assert [bool(answer) for answer in answers] == [quoted, bare]
