import pytest

from promptguard.detectors.secrets.pipes import is_piped


@pytest.mark.parametrize(
    ("text", "word", "piped"),
    [
        ('echo -n "$password" | sha256sum', "password", True),
        ('echo -n "${password}" | ./own-tool2', "password", True),
        ("{{ .Values.db.password1 | b64enc | quote }}", "password", True),
        ("{{ lookup password | own }}", "password", True),
        ("vault read password | jq .x", "password", True),
        ("| password | x9Kq |", "password", False),
        ("{{ a }} password | x9Kq", "password", False),
        ("env.password || 'x9Kq'", "password", False),
        ("password: x9Kq", "password", False),
    ],
)
def test_pipes(text: str, word: str, *, piped: bool) -> None:
    start = text.index(word)

    assert is_piped(text, start, start + len(word)) is piped
