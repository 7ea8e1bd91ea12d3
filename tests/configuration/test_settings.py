import json
from pathlib import Path
from typing import Any

import pytest

from promptguard.audit.durability import Durability
from promptguard.configuration.publishing import ConfigurationSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import ConfigError
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.reading import load

SHIPPED = Path(__file__).parents[2] / "config" / "promptguard.yaml"


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "promptguard.yaml"
    path.write_text(text)
    return load(path, Settings)


def test_all_defaults(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert found == Settings()
    assert found.address == ("127.0.0.1", 8080)
    assert found.body_limit_bytes == 10 * 1024 * 1024
    assert found.start_deadline_seconds == 30


def test_the_shipped_file_holds_the_defaults() -> None:
    assert load(SHIPPED, Settings) == Settings()


def test_the_shipped_file_is_right_with_its_comments_taken_off(tmp_path: Path) -> None:
    lines = [line for line in SHIPPED.read_text().splitlines() if line.startswith("#")]
    keys = [line[2:] for line in lines if ":" in line and line[2:].split(":")[0].replace("_", "").strip().isalnum()]
    assert settings(tmp_path, "\n".join(line for line in keys if line == line.rstrip("."))).listen == "127.0.0.1:8080"


@pytest.mark.parametrize(("written", "workers"), [("auto", None), ("3", 3), ("null", None)])
def test_names_workers(tmp_path: Path, written: str, workers: int | None) -> None:
    assert settings(tmp_path, f"names: {{workers: {written}}}").names.workers == workers


def test_values(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        "listen: '[::1]:0'\nbody_limit_mb: 0.5\nnames: {enabled: false}\naudit: {durability: always}\n"
        "identity: {htpasswd: users}\n",
    )
    assert found.address == ("::1", 0)
    assert found.body_limit_bytes == 524288
    assert found.names.enabled is False
    assert found.audit.durability is Durability.ALWAYS
    assert found.identity.htpasswd == Path("users")


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("listen: 8080\n", 1, "‘listen’ is the number 8080"),
        ("listen: localhost\n", 1, "write a host and a port"),
        ("listen: 127.0.0.1:99999\n", 1, "ports go up to 65535"),
        ("listen: 127.0.0.1:9090\nmonitoring: {listen: 127.0.0.1:9090}\n", 2, "where the proxy itself listens"),
        ('upstream: {proxy: "http://u:p@q@proxy.example:3128"}\n', 1, "write an @ in the user or password as %40"),
        ("listen_socks: 127.0.0.1:8080\n", 1, "where the proxy itself listens"),
        ("listen_socks: 0.0.0.0:1080\ntls: {certificate: a, key: b, only: true}\n", 1, "come by SOCKS without TLS"),
        ("upstream: {proxy: http://p:1}\nlisten_socks: 127.0.0.1:1080\n", 2, "cannot go through a further proxy"),
        ("identity:\n  certificates: {ca_file: ca.pem}\n", 2, "without `tls` no client can show a certificate"),
        ("listen: ::1:80\n", 1, "write an IPv6 address in brackets"),
        ("body_limit_mb: 0\n", 1, "It should be more than 0"),
        ("names:\n  worker: 2\n", 2, "Did you mean ‘workers’?"),
        ("names:\n  enabled: true\n  deadline_s: 60\n", 3, "Make it at most deadlines.scan_s, which is 30."),
        ("names:\n  deadline_s: 20\n  wait_s: 20.5\n", 3, "Make it at most names.deadline_s, which is 20."),
        ("audit:\n  durability: alway\n", 2, "Did you mean ‘always’?"),
        ("notices: {language: ../secret}\n", 1, "‘../secret’ is no value for ‘language’"),
        ("vault:\n  ttl_hours: -1\n", 2, "It should be more than 0"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert caught.value.line == line
    assert part in str(caught.value)


def test_every_key_is_described() -> None:
    def keys(model: type[Section], prefix: str = "") -> list[str]:
        missing = []
        for name, field in model.model_fields.items():
            if not field.description:
                missing.append(prefix + name)
            if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
                missing += keys(field.annotation, f"{prefix}{name}.")
        return missing

    assert keys(Settings) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"body_limit_mb": 20}, ["body_limit_mb"]),
        (
            {
                "notices": {"contact": "IT"},
                "timeouts": {"idle_s": 5},
                "detection": {"data_classes": {"A": "credentials"}},
            },
            [],
        ),
        ({"deadlines": {"scan_s": 40}, "listen": "127.0.0.1:9"}, ["listen", "deadlines.scan_s"]),
        ({"identity": {"allow_unknown_clients": True}}, []),
        ({"audit": {"durability": "always"}}, ["audit.durability"]),
    ],
)
def test_what_needs_a_restart(changed: dict[str, Any], expected: list[str]) -> None:
    new = Settings.model_validate_json(json.dumps(changed))
    assert new.needing_restart(Settings()) == expected
    assert Settings().needing_restart(new) == expected


@pytest.mark.parametrize(("name", "expected"), [("ann.pub.pem", []), ("ben.pub.pem", ["configuration.signed_by"])])
def test_the_same_file_of_another_version_needs_no_restart(tmp_path: Path, name: str, expected: list[str]) -> None:
    def settings(folder: str, signer: str) -> Settings:
        configuration = ConfigurationSettings(signed_by=(tmp_path / folder / signer,))
        return Settings(configuration=configuration)

    new, running = settings("000002", name), settings("000001", "ann.pub.pem")
    assert new.needing_restart(running, was_in=tmp_path / "000001", is_in=tmp_path / "000002") == expected


def test_the_same_file_of_a_sink_needs_no_restart(tmp_path: Path) -> None:
    def settings(folder: str) -> Settings:
        file = tmp_path / folder / "ca.pem"
        sink = {"kind": "syslog", "address": "siem.example:6514", "ca_file": file}
        return Settings.model_validate({"audit": {"sinks": {"siem": sink}}})

    new, running = settings("000002"), settings("000001")
    assert new.needing_restart(running, was_in=tmp_path / "000001", is_in=tmp_path / "000002") == []
    assert new.needing_restart(running) == ["audit.sinks"]


def test_the_same_file_by_another_way_needs_no_restart(tmp_path: Path) -> None:
    direct, around = (
        Settings(configuration=ConfigurationSettings(signed_by=(folder / "ann.pub.pem",)))
        for folder in (tmp_path / "config", tmp_path / "elsewhere" / ".." / "config")
    )
    assert direct.needing_restart(around) == around.needing_restart(direct) == []
