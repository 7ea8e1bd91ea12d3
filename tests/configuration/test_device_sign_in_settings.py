from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config"
RIGHT = {
    "issuer": "https://login.example.com",
    "client_id": "promptguard",
    "listen": "127.0.0.1:8443",
    "url": "https://proxy.corp.example:8443/",
}
PAC = {"proxies": ["https://proxy.corp.example:8080"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True))


def load(folder: Path, openid: dict[str, Any], **others: Any) -> DeviceSignInSettings:
    said = {"identity": {"openid": {**RIGHT, **openid}}, "pac": PAC, **others}
    (folder / "promptguard.yaml").write_text(yaml.safe_dump(said), "utf-8")
    found = load_bundle(folder).settings.identity.openid
    assert found
    return found


def test_a_provider_is_named(folder: Path) -> None:
    (folder / "secret").write_text("x")
    found = load(folder, {"client_secret_file": "secret", "domains": "corp.example", "groups": {"0f3c": "it"}})
    assert found.client_secret_file == folder / "secret"
    assert (found.url, found.address) == ("https://proxy.corp.example:8443", ("127.0.0.1", 8443))
    assert (found.days, found.domains, found.groups) == (30, ("corp.example",), {"0f3c": ("it",)})


@pytest.mark.parametrize(
    ("changed", "others", "told"),
    [
        ({"issuer": "http://login.example.com"}, {}, "https"),
        ({"scopes": "profile"}, {}, "openid"),
        ({"url": "http://proxy.corp.example:8443"}, {}, "write an address such as https://proxy"),
        ({"url": "https://proxy.corp.example/here"}, {}, "write an address such as https://proxy"),
        ({"url": "https://proxy.corp.example:99999"}, {}, "Port out of range"),
        ({"listen": "8443"}, {}, "a host and a port"),
        ({"listen": "0.0.0.0:8443"}, {}, "without `tls`"),
        ({"listen": "127.0.0.1:8080"}, {}, "something else of PromptGuard listens"),
        ({"days": 0}, {}, "days"),
        ({"days": 367}, {}, "days"),
        ({"groups": {"a": []}}, {"pac": {}}, "which proxy is theirs"),
        ({"client_secret_file": "nowhere"}, {}, "no file"),
    ],
)
def test_mistakes(folder: Path, changed: dict[str, Any], others: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(folder, changed, **others)


def test_what_is_taken_up_while_it_runs() -> None:
    def settings(**changed: Any) -> Settings:
        return Settings.model_validate({"identity": {"openid": {**RIGHT, **changed}}, "pac": PAC})

    assert settings(days=7, groups={"a": "b"}).needing_restart(settings()) == []
    assert settings(listen="127.0.0.1:8444").needing_restart(settings()) == ["identity.openid.listen"]
    assert settings().needing_restart(Settings.model_validate({"pac": PAC})) == ["identity.openid"]
