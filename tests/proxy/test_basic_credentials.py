from __future__ import annotations

from base64 import b64encode

import pytest

from promptguard.proxy.basic_credentials import parse_basic_credentials


@pytest.mark.parametrize(
    ("plain", "user", "password"),
    [("ada:sesame", "ada", "sesame"), ("ada:a:b:", "ada", "a:b:"), ("ada:", "ada", ""), ("zoë:ü", "zoë", "ü")],
)
def test_the_first_colon_parts_user_and_password(plain: str, user: str, password: str) -> None:
    header = "Basic " + b64encode(plain.encode()).decode()
    assert parse_basic_credentials(header) == (user, password)


@pytest.mark.parametrize("header", ["", "Basic", "Bearer YTpi", "Basic YWRh", "Basic ="])
def test_what_holds_no_credentials_is_refused(header: str) -> None:
    with pytest.raises(ValueError):
        parse_basic_credentials(header)
