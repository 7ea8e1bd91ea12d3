import pytest

from promptguard.detectors.deobfuscation.truncated_secrets import truncates_secret
from promptguard.model import Path, Role, Segment


def cut(first: str, second: str, paths: tuple[Path, Path] = ((0, "content"), (2, "content"))) -> bool:
    return truncates_secret(Segment(paths[0], first, Role.USER), Segment(paths[1], second, Role.USER))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("my password: hunt", "er2-x9", True),
        ("my password: hunt", "er2-x9 and that is all", True),
        ('"passphrase": "hunt', 'er2-x9"', True),
        ("Contraseña: hunt", "er2$x9.", True),
        ("api key: Ab3", "dEf5hI", True),
        ("my password: hunter2", "Thanks!", False),
        ("my password: hunter2", "and what is next?", False),
        ("my password: hunter2", "12:30h is fine", False),
        ("my password: hunter2", "2026-11-21", False),
        ("my password: hunter2", "db1.example.org", False),
        ("my password: hunter2", "user=admin1", False),
        ("my password: hunter2", "user1@example.org", False),
        ("my password: hunter2", "K8s", False),
        ("password=hunter2", "db-01x", False),
        ("the compass: north", "er2-x9", False),
        ("password: hunt ", "er2-x9", False),
        ("", "er2-x9", False),
        ("password: hunt", "", False),
    ],
)
def test_secrets_that_are_cut(first: str, second: str, expected: bool) -> None:
    assert cut(first, second) is expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ((("parts", 0), ("parts", 1)), True),
        (((0, "content"), (2, "content")), True),
        ((("login", "secret"), ("login", "host")), False),
        ((("a",), ("a", 0)), False),
    ],
)
def test_only_texts_that_stand_alike_continue_each_other(paths: tuple[Path, Path], expected: bool) -> None:
    assert cut("password: hunt", "er2-x9", paths) is expected
