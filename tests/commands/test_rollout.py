from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main

CONFIG = Path(__file__).parents[2] / "config"


def pac(*arguments: str, config: Path = CONFIG) -> Result:
    return CliRunner().invoke(main, ["rollout", "pac", "--config", str(config), *arguments])


def test_options_go_before_settings(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "promptguard.yaml").write_text("pac: {proxies: ['one.example:8080'], everything: true}\n")
    assert "PROXY one.example:8080" in pac(config=config).output
    proxies = ("--proxy", "two.example:1", "--proxy", "https://three.example:2")
    result = pac(*proxies, "--direct", "*.x.example", config=config)
    assert '"PROXY two.example:1; HTTPS three.example:2"' in result.output
    assert '"x.example": 1' in result.output and "var everything = true;" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "needs a proxy"),
        (["--proxy", "x"], "write HOST:PORT"),
        (["--proxy", "x:1", "--direct", "http://y"], "is no host"),
    ],
)
def test_mistakes_are_told(arguments: list[str], said: str) -> None:
    result = pac(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr and result.stdout == ""
