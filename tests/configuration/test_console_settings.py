import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.errors import ConfigError
from promptguard.typed_yaml.fields import is_this_machine


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("guard", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, own: bool) -> None:
    assert is_this_machine(host) is own


@pytest.mark.parametrize(
    ("section", "line", "told"),
    [
        ("listen: 0.0.0.0:8081", 2, "nothing there is encrypted"),
        ("certificate: here.pem", 1, "`key` is missing"),
        ("key: here.pem", 1, "`certificate` is missing"),
        ("listen: 127.0.0.1:8080", 2, "something else of PromptGuard listens"),
        ("listen: 8081", 2, ""),
    ],
)
def test_mistakes_are_told_where_they_stand(section: str, line: int, told: str, tmp_path) -> None:
    (tmp_path / "promptguard.yaml").write_text(f"console:\n  {section}\n", "utf-8")
    with pytest.raises(ConfigError) as error:
        load_bundle(tmp_path)
    assert told in str(error.value)
    assert error.value.line == line


def test_files_that_are_not_there_are_told(tmp_path) -> None:
    (tmp_path / "promptguard.yaml").write_text("console:\n  certificate: a.pem\n  key: b.pem\n", "utf-8")
    with pytest.raises(ConfigError, match=r"a\.pem"):
        load_bundle(tmp_path)
