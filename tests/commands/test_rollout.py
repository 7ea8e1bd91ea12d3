from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main
from promptguard.rollout.ca import make_ca
from promptguard.runtime.data_folder import DataFolder

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


def test_the_ca_is_changed_with_an_overlap(tmp_path: Path) -> None:
    folder = ["--config", str(CONFIG), "--data", str(tmp_path)]

    def told(status: int, *arguments: str) -> str:
        done = CliRunner().invoke(main, ["rollout", "ca", *arguments, *folder], input="n\n")
        assert done.exit_code == status, done.output
        return done.output

    assert "There is no CA" in told(2, "status")
    make_ca(DataFolder(tmp_path))
    assert "may sign      every name" in told(0, "status")
    told(1, "rotate")
    assert "overlap" not in told(0, "status"), "it has asked, and was told no"
    assert "Laptops that trust the old one go on until" in told(0, "rotate", "--yes")
    assert "alone reach AI services too" in told(0, "status")
    assert "counts no more" in told(0, "finish", "--yes")
    assert "There is no overlap to end" in told(2, "finish", "--yes")
    assert "go on until" not in told(0, "rotate", "--yes", "--no-overlap")


def test_a_new_ca_has_the_constraints_that_are_configured(tmp_path: Path) -> None:
    config = shutil.copytree(CONFIG, tmp_path / "config")
    (config / "promptguard.yaml").write_text("ca: {name_constraints: true, permitted: [own.example]}\n")
    folder = ["--config", str(config), "--data", str(tmp_path / "data")]
    make_ca(DataFolder(tmp_path / "data"))
    assert CliRunner().invoke(main, ["rollout", "ca", "rotate", "--yes", *folder]).exit_code == 0
    status = CliRunner().invoke(main, ["rollout", "ca", "status", *folder])
    assert status.exit_code == 0 and "names and all below them, and no address" in status.output
    (config / "destinations" / "own.yaml").write_text(
        "destinations:\n  - {id: late, name: Late, owner: IT, kind: api, status: approved, hosts: [late.example],"
        " format: openai_chat, review_due: 2030-01-01}\n"
    )
    status = CliRunner().invoke(main, ["rollout", "ca", "status", *folder])
    assert status.exit_code == 1 and "may not sign  late.example" in status.output
