from pathlib import Path

import pytest

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.errors import ConfigError

TLS = {"listen": "0.0.0.0:8443", "certificate": Path("a.pem"), "key": Path("a.key")}
NAMED = {**TLS, "hosts": ["guard.example.com", "guard"]}


@pytest.mark.parametrize(
    ("section", "url"),
    [
        ({}, ""),
        ({"hosts": ["guard.example.com"]}, ""),  # by itself no link leads over a connection that is not encrypted
        (TLS, ""),
        (NAMED, "https://guard.example.com:8443"),
        ({**NAMED, "listen": "0.0.0.0:443"}, "https://guard.example.com"),
        ({**NAMED, "enabled": False}, ""),
        ({**NAMED, "staff_links": False}, ""),
        ({"staff_links": True}, "http://127.0.0.1:8081"),
        ({"url": "https://guard.example.com/"}, "https://guard.example.com"),
        ({"url": "https://guard.example.com", "enabled": False}, "https://guard.example.com"),
        ({"url": "https://guard.example.com", "staff_links": False}, ""),
        ({"url": "http://localhost:9000"}, "http://localhost:9000"),
    ],
)
def test_notices_have_links_where_laptops_reach_the_console(section: dict[str, object], url: str) -> None:
    assert ConsoleSettings.model_validate(section).staff_url == url


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["url: guard.example.com"], "is no address of a site"),
        (["url: 'https://guard.example.com/console'"], "is no address of a site"),
        (["url: 'https://[half'"], "is no address of a site"),
        (["url: 'http://guard.example.com'"], "is not encrypted"),
        (["staff_address: https://guard.example.com"], "Write it as `console.url`."),
        (
            ["staff_links: true", "listen: 0.0.0.0:8443", "certificate: a.pem", "key: a.key"],
            "need a name under which laptops reach",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(lines: list[str], told: str, tmp_path) -> None:
    (tmp_path / "promptguard.yaml").write_text("console:\n" + "".join(f"  {line}\n" for line in lines), "utf-8")
    with pytest.raises(ConfigError) as error:
        load_bundle(tmp_path)
    assert told in str(error.value)
    assert error.value.line == 2
