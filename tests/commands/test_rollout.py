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


def make(to: Path, *arguments: str, config: Path = CONFIG) -> Result:
    places = ["--config", str(config), "--data", str(to / "data"), "--to", str(to / "kit")]
    return CliRunner().invoke(main, ["rollout", "make", *places, *arguments])


def test_a_kit_says_what_options_and_settings_say(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "promptguard.yaml").write_text(
        "pac: {proxies: ['one.example:8080'], listen: '0.0.0.0:8082', direct: ['x.example']}\n"
    )
    first = make(tmp_path, "--for", "linux", "--organisation", "Contoso", config=config)
    assert first.exit_code == 0 and "promptguard-ca-cert.pem, made now." in first.output
    assert "made now" not in make(tmp_path, "--for", "linux", "--organisation", "Contoso", config=config).output
    readme = (tmp_path / "kit" / "README.txt").read_text("utf-8")
    assert "http://one.example:8080" in readme and "http://one.example:8082/proxy.pac" in readme
    assert "Contoso" in readme
    script = (tmp_path / "kit" / "promptguard-machine.sh").read_text("ascii")
    assert (tmp_path / "data" / "ca" / "promptguard-ca-cert.pem").read_text("ascii").strip() in script
    assert "NO_PROXY=localhost,127.0.0.1,::1,x.example\n" in script
    again = make(tmp_path, "--for", "linux", "--proxy", "two.example:1", config=config)
    assert again.exit_code == 2 and "is there already and differs" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "windows"], "is none of"),
        (["--for", "linux"], "needs the proxy"),
        (["--for", "linux", "--proxy", "anna:secret@x.example:1"], "is no proxy"),
        (["--for", "linux", "--proxy", "x.example:1", "--pac", "y"], "no address of a PAC file"),
    ],
)
def test_mistakes_in_a_kit_are_told_and_write_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = make(tmp_path, *arguments)
    assert result.exit_code == 2 and said in result.stderr
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize(
    ("proxy", "arguments", "status"),
    [
        ("proxy.example:8080", [], 2),
        ("proxy.example:8080", ["--pac", "http://pac.example/proxy.pac"], 0),
        ("127.0.0.1:8080", [], 0),
    ],
)
def test_a_kit_names_no_pac_file_that_only_the_proxy_reaches(
    tmp_path: Path, proxy: str, arguments: list[str], status: int
) -> None:
    """A laptop that runs its own proxy reaches its own loopback."""
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "promptguard.yaml").write_text(f"pac: {{proxies: ['{proxy}'], listen: '127.0.0.1:8082'}}\n")
    result = make(tmp_path, "--for", "linux", *arguments, config=config)
    assert result.exit_code == status, result.output
    assert status == 0 or "which laptops do not reach" in result.stderr
