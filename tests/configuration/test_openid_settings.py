import shutil
from pathlib import Path

import pytest
import yaml

from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.openid_settings import LocalAccounts
from promptguard.errors import ConfigError
from promptguard.review.roles import Role

SHIPPED = Path(__file__).parents[2] / "config"
RIGHT = {"issuer": "https://login.example.com", "client_id": "promptguard", "roles": {"security": "analyst"}}


def load(folder, oidc):
    (folder / "promptguard.yaml").write_text(yaml.safe_dump({"console": {"oidc": oidc}}), "utf-8")
    return load_bundle(folder).settings.console.oidc


def test_a_provider_is_named(tmp_path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "secret").write_text("x", "utf-8")
    oidc = load(tmp_path, {**RIGHT, "client_secret_file": "secret", "local_accounts": "emergency"})
    assert oidc.roles == {"security": (Role.ANALYST,)}
    assert oidc.local_accounts is LocalAccounts.EMERGENCY
    assert oidc.client_secret_file == tmp_path / "secret"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"issuer": "http://login.example.com"}, "https"),
        ({"issuer": "https://login.example.com/?x"}, "https"),
        ({"scopes": "profile"}, "openid"),
        ({"roles": {}}, "roles"),
        ({"roles": {"security": "king"}}, "analyst"),
        ({"local_accounts": "never"}, "administrator"),
        ({"client_secret_file": "nowhere"}, "no file"),
        ({"client_secret": "x"}, "client_secret"),
    ],
)
def test_mistakes_are_told(tmp_path, changed, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(tmp_path, {**RIGHT, **changed})
