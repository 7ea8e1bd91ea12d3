"""The files around the package: what they start must exist."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.console.place import place_of
from promptguard.typed_yaml.fields import split_address

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def commands() -> list[Any]:
    health = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    start = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert health and start
    return [json.loads(health[1]), json.loads(start[1]), COMPOSE["services"]["promptguard"]["command"]]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_containers_start_commands_that_exist(command: list[str]) -> None:
    assert command[0] == "promptguard"
    result = CliRunner().invoke(main, [*command[1:], "--help"])
    assert result.exit_code == 0
    for option in (word.partition("=")[0] for word in command if word.startswith("--")):
        assert option in result.output


def option(command: list[str], name: str) -> str:
    words = [part for word in command for part in word.split("=")]
    return words[words.index(name) + 1]


@pytest.mark.parametrize("command", commands()[1:], ids=" ".join)
def test_the_console_is_reached_where_its_port_is_published_and_nowhere_else(command: list[str]) -> None:
    listen, published = option(command, "--console"), option(command, "--console-published")
    place = place_of(ConsoleSettings(), split_address(listen), split_address(published))
    assert f"{published}:{listen.rpartition(':')[2]}" in COMPOSE["services"]["promptguard"]["ports"]
    assert place.url == f"http://{published}"
    assert "promptguard:8081" not in place.hosts


def test_compose_opens_the_proxy_to_this_machine_alone() -> None:
    service = COMPOSE["services"]["promptguard"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["cap_drop"] == ["ALL"]
    mounted = {volume.split(":")[0] for volume in service["volumes"]}
    assert mounted == {"./config", "data"} and "data" in COMPOSE["volumes"]
    assert (ROOT / "config").is_dir()


@pytest.mark.parametrize(
    "target",
    ["run", "test", "demo", "lint", "bench", "bench-quick", "bench-detection", "bench-heldout", "soak", "fuzz"],
)
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "uv" in done.stdout
