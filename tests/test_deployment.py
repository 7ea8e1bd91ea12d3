"""The files around the package: what they start must exist."""

from __future__ import annotations

import json
import re
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.commands.drain import STOP_SECONDS
from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.configuration.settings import Settings
from promptguard.console.place import place_of
from promptguard.typed_yaml.fields import split_address

ROOT = Path(__file__).parent.parent
HAPROXY = Path("/usr/sbin/haproxy")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
FLEET = yaml.safe_load((ROOT / "docker-compose.fleet.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def commands() -> list[Any]:
    health = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    start = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert health and start
    return [json.loads(health[1]), json.loads(start[1]), COMPOSE["services"]["promptguard"]["command"]]


def commands_of_fleet() -> list[Any]:
    return [FLEET["services"][name]["command"] for name in ("one", "two", "console")]


@pytest.mark.parametrize("command", [*commands(), *commands_of_fleet()], ids=" ".join)
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


def test_in_the_fleet_what_is_believed_is_what_haproxy_says() -> None:
    services = FLEET["services"]
    settings = Settings.model_validate(yaml.safe_load((ROOT / "deploy" / "compose" / "promptguard.yaml").read_text()))
    (address,) = settings.proxy.load_balancers
    assert services["haproxy"]["networks"]["fleet"]["ipv4_address"] == address
    (network,) = FLEET["networks"]["fleet"]["ipam"]["config"]
    assert ip_address(address) in ip_network(network["subnet"])
    haproxy = (ROOT / "deploy" / "compose" / "haproxy.cfg").read_text()
    servers = re.findall(r"^    server (\w+) (\w+):(\d+)$", haproxy, re.MULTILINE)
    assert [each[:2] for each in servers] == [("one", "one"), ("two", "two")]
    assert {int(port) for *_, port in servers} == {settings.address[1]}
    assert settings.monitoring.address and f"check port {settings.monitoring.address[1]} send-proxy-v2" in haproxy
    for name in ("one", "two"):
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > settings.proxy.drain_s + STOP_SECONDS
        assert f"{name}:/var/lib/promptguard" in services[name]["volumes"], "each has a data folder of its own"


def test_the_fleet_is_open_to_this_machine_alone_and_its_parts_are_fenced() -> None:
    for name, service in FLEET["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
        if name != "database":  # whose image changes its user itself
            assert (service["cap_drop"], service["read_only"]) == (["ALL"], True), name
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert {each for each in named if not each.startswith("./")} <= set(FLEET["volumes"]), name
        assert all((ROOT / each).exists() for each in named if each.startswith("./") and each != "./first"), name


@pytest.mark.skipif(not HAPROXY.exists(), reason="needs HAProxy (Debian: haproxy)")
def test_haproxy_takes_its_configuration() -> None:
    file = ROOT / "deploy" / "compose" / "haproxy.cfg"
    done = subprocess.run([HAPROXY, "-c", "-f", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "target",
    [
        "run",
        "test",
        "demo",
        "lint",
        "bench",
        "bench-quick",
        "bench-detection",
        "bench-heldout",
        "soak",
        "fleet-demo",
        "fuzz",
    ],
)
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "uv" in done.stdout
