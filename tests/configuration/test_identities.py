from pathlib import Path

import pytest

from promptguard.configuration.identities import Identities, IdentitiesFile
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load

FILE = """
users:
  anna: [support, staff]
  ben: [staff]
  server: []
addresses:
  192.0.2.0/24: ben
  192.0.2.0: server
  192.0.2.17: anna
  10.0.0.0/8: server
  "2001:db8::/32": anna
  "2001:db8::7": ben
"""


def identities(tmp_path: Path, text: str) -> Identities:
    path = tmp_path / "identities.yaml"
    path.write_text(text)
    return Identities(load(path, IdentitiesFile))


@pytest.mark.parametrize(
    ("address", "user"),
    [
        ("192.0.2.17", "anna"),
        ("::ffff:192.0.2.17", "anna"),
        ("192.0.2.0", "server"),
        ("192.0.2.18", "ben"),
        ("10.255.0.1", "server"),
        ("2001:db8::1", "anna"),
        ("2001:db8::7", "ben"),
        ("2001:db8::7%eth0", "ben"),
        ("198.51.100.1", None),
        ("", None),
        ("not an address", None),
    ],
)
def test_user_at(tmp_path: Path, address: str, user: str | None) -> None:
    assert identities(tmp_path, FILE).user_at(address) == user


def test_groups(tmp_path: Path) -> None:
    found = identities(tmp_path, FILE)
    assert found.groups_of("anna") == {"support", "staff"}
    assert found.groups_of("server") == frozenset()
    assert found.groups_of("stranger") == frozenset()
    assert found.groups == {"support", "staff"}
    assert found.users == {"anna", "ben", "server"}


SPOKEN = """
languages:
  users: {anna: de}
  groups: {copenhagen: da, support: fr}
  devices: {dev-1: it}
  addresses: {192.0.2.0/24: es, 192.0.2.7: nl}
"""


@pytest.mark.parametrize(
    ("user", "groups", "device", "address", "language"),
    [
        ("anna", {"support"}, "dev-1", "192.0.2.7", "de"),
        ("ben", {"support"}, "dev-1", "192.0.2.7", "fr"),
        ("ben", {"support", "copenhagen"}, "", "", "da"),
        ("ben", set(), "dev-1", "192.0.2.7", "it"),
        ("ben", set(), "dev-2", "192.0.2.7", "nl"),
        ("ben", set(), "", "192.0.2.8", "es"),
        ("ben", set(), "", "198.51.100.1", ""),
        ("ben", set(), "", "nowhere", ""),
    ],
)
def test_language_of(tmp_path: Path, user: str, groups: set[str], device: str, address: str, language: str) -> None:
    assert identities(tmp_path, SPOKEN).language_of(user, frozenset(groups), device, address) == language


def test_an_address_of_a_language_is_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="‘home’ is neither an address nor a network") as caught:
        identities(tmp_path, "languages:\n  addresses:\n    home: de\n")
    assert caught.value.line == 3


def test_nobody_is_known_without_a_file() -> None:
    assert Identities().user_at("192.0.2.17") is None


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("users: {a: []}\naddresses:\n  10.0.0.300: a\n", 3, "‘10.0.0.300’ is neither an address nor a network"),
        ("users: {anna: []}\naddresses:\n  10.0.0.1: ana\n", 3, "Did you mean ‘anna’?"),
        ("users: {a: []}\naddresses:\n  10.0.0.0/8: a\n  10.1.0.0/8: a\n", 4, "‘10.0.0.0/8’ above means the same"),
        ('users: {a: []}\naddresses:\n  10.0.0.1: a\n  "::ffff:10.0.0.1": a\n', 4, "‘10.0.0.1’ above means the same"),
        ("users:\n  anna: support\n", 2, "It should be a list."),
        ("user: {}\n", 1, "Did you mean ‘users’?"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        identities(tmp_path, text)
    assert caught.value.line == line
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("user", "groups", "expected"),
    [
        ("anna", set(), "employee"),
        ("carl", set(), "contractor"),
        ("dora", {"partners"}, "contractor"),
        ("bot", {"partners"}, "service"),
        ("erin", {"partners", "services"}, "contractor"),
    ],
)
def test_what_somebody_is_to_the_company(user: str, groups: set[str], expected: str) -> None:
    text = '{"classes": {"contractor": ["carl", "partners"], "service": ["bot", "services"]}}'
    file = IdentitiesFile.model_validate_json(text)
    assert Identities(file).class_of(user, frozenset(groups)) == expected
