from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.commands.inputs import Run

from promptguard.destinations.sightings import Sighting, Sign
from promptguard.storage.sqlite.backend import SQLiteBackend

DAY = "2026-11-29"


def lines(network: str = "10.0.0", host: str = "chatgpt.com", machines: int = 5) -> str:
    head = f"{DAY}T10:00:00Z dns dnsmasq[71]: query[A] {host} from {network}"
    return "".join(f"{head}.{number}\n" for number in range(1, machines + 1))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own: there is no record in it."""
    return tmp_path / "data"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "dns.log"
    path.write_text(lines(), encoding="utf-8")
    return path


def test_what_goes_past_the_proxy_is_told(run: Run, log: Path) -> None:
    result = run("bypass", log)
    assert result.exit_code == 1
    row = next(line for line in result.stdout.splitlines() if "chatgpt.com" in line)
    assert row.split() == ["chatgpt", "chatgpt.com", "10.0.0.0/24", "5", DAY, DAY]
    assert "No proxy was named" in result.stderr


def test_programs_get_one_value(run: Run, log: Path) -> None:
    options = ("--proxy-address", "10.0.9.1", "--network", "10.0.0.0/16=Berlin", "--format", "json")
    result = run("bypass", log, *options)
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"], told["seen_by_proxy"]) == (1, False, [])
    assert result.stderr.startswith("What the proxy itself has seen is not told: ")
    assert [(each["way"], each["network"], each["times"]) for each in told["found"]] == [("dns", "Berlin", 5)]


def test_pipes_and_folders_are_read(run: Run, log: Path) -> None:
    result = run("bypass", "-", log.parent, "--format", "json", text=lines())
    assert json.loads(result.stdout)["found"][0]["times"] == 10


def test_what_the_proxy_has_seen_is_told_without_logs_and_is_fine(run: Run, data: Path) -> None:
    assert run("bypass").exit_code == 2
    day = datetime.now(UTC).date().isoformat()
    with closing(SQLiteBackend.open(data / "promptguard.db")) as backend:
        backend.sightings().add([Sighting(Sign.UNTRUSTED, "pi.ai", "pi", day, 3)])
    result = run("bypass")
    assert (result.exit_code, "No log was named" in result.stderr) == (0, True)
    assert ["pi", "pi.ai", "3", day, day] in [line.split() for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--since", "2026-11-30"), lines()),
        (("--proxy-address", "10.0.0.0/24"), lines()),
        ((), lines(host="www.example.com")),
        ((), lines(host="dns.google")),
    ],
)
def test_nothing_to_do_is_fine(run: Run, arguments: tuple[str, ...], text: str) -> None:
    assert run("bypass", "-", *arguments, text=text).exit_code == 0


def test_logs_of_no_known_format_say_nothing(run: Run) -> None:
    """A job that asks every night is not told that all is well."""
    result = run("bypass", "-", text="one line\nand another\n")
    assert (result.exit_code, "it is not known what goes" in result.stderr) == (2, True)
    result = run("bypass", "-", "--format", "json", text="one line\n")
    assert (result.exit_code, '"ok":false' in result.stdout) == (2, True)
    assert run("bypass", "-", text="").exit_code == 0


def test_no_machine_is_told(run: Run) -> None:
    for form in ("text", "json"):
        result = run("bypass", "-", "--format", form, text=lines(machines=4) + lines("10.7.7", machines=9))
        assert result.exit_code == 1
        assert "10.0.0" not in result.output and "10.7.7.1" not in result.output.replace("10.7.7.0/24", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--proxy-address", "proxy.example"), "neither an address nor a network"),
        (("--network", "10.0.0.0/16"), "10.20.0.0/16=Berlin"),
        (("--network", "10.0.0.0/16= "), "10.20.0.0/16=Berlin"),
        (("--network", "berlin=Berlin"), "neither an address nor a network"),
        (("--since", "yesterday"), "yesterday"),
        (("no-such.log",), "no such file or folder"),
    ],
)
def test_wrong_use_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    result = run("bypass", *arguments)
    assert result.exit_code == 2 and told in result.output
