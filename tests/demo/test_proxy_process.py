from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptguard.demo.proxy_process import PromptGuardProcess, ProxyFailed, ProxyProcess, free_port, run_promptguard

SERVE = "import pathlib,sys,time; pathlib.Path(sys.argv[1]).touch(); print('ready', flush=True); time.sleep(60)"


class Script(ProxyProcess):
    """A process that runs Python code and is ready when its file exists."""

    def __init__(self, folder: Path, code: str) -> None:
        super().__init__(log=folder / "log", port=1)
        self._file = folder / "ready"
        self._code = code

    @property
    def command(self) -> Sequence[str]:
        return [sys.executable, "-c", self._code, str(self._file)]

    @property
    def authority(self) -> Path:
        return self._file

    @property
    def ready(self) -> bool:
        return self._file.exists()


def test_process_runs_while_the_context_is_open(tmp_path: Path) -> None:
    with Script(tmp_path, SERVE) as script:
        assert script.running
        assert script.pid > 0
    assert not script.running
    assert script.output == "ready\n"


def test_process_that_ends_early_says_what_it_printed(tmp_path: Path) -> None:
    with (
        pytest.raises(ProxyFailed, match="the port is taken"),
        Script(tmp_path, "raise SystemExit('the port is taken')"),
    ):
        pass


def test_process_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    script = Script(tmp_path, "print('hm', flush=True); import time; time.sleep(60)")
    script.start()
    with pytest.raises(ProxyFailed, match="not ready"):
        script.wait_until_ready(0.0)
    assert script.stop() != 0
    assert not script.running


def test_clients_are_told_the_proxy_and_its_authority(tmp_path: Path) -> None:
    environment = Script(tmp_path, "").client_environment()
    assert environment["HTTPS_PROXY"] == environment["https_proxy"] == "http://127.0.0.1:1"
    trusted = {name for name, value in environment.items() if value == str(tmp_path / "ready")}
    assert trusted == {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}


def test_promptguard_is_told_everything_on_its_command_line(tmp_path: Path) -> None:
    proxy = PromptGuardProcess(
        config=Path("config"),
        data=tmp_path / "data",
        connect_to={"*": "127.0.0.1:1", "claude.ai": "127.0.0.1:2"},
        upstream_authority=Path("ca.pem"),
        port=3,
    )
    words = " ".join(proxy.command)
    assert words.endswith(
        f"run --config config --data {tmp_path / 'data'} --console off --listen 127.0.0.1:3"
        " --connect-to *=127.0.0.1:1 --connect-to claude.ai=127.0.0.1:2 --upstream-ca ca.pem"
    )
    assert proxy.authority == tmp_path / "data" / "ca" / "promptguard-ca-cert.pem"


@pytest.mark.parametrize(
    ("written", "ready"), [(None, False), ("{", False), ('{"whole": false}', False), ('{"whole": true}', True)]
)
def test_promptguard_is_ready_when_it_says_so(tmp_path: Path, written: str | None, ready: bool) -> None:
    proxy = PromptGuardProcess(config=tmp_path, data=tmp_path)
    if written is not None:
        (tmp_path / "ready.json").write_text(written)
    assert proxy.ready is ready


def test_earlier_runs_state_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text(json.dumps({"whole": True}))
    assert not PromptGuardProcess(config=tmp_path, data=tmp_path).ready


def test_ports_are_free() -> None:
    assert 0 < free_port() < 65536


def test_other_commands_run_to_their_end() -> None:
    done = run_promptguard(["--version"])
    assert done.returncode == 0
    assert "version" in done.stdout
