"""The wheel, as it is built: PromptGuard out of it, started from a folder that has nothing of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from support.wire import exchange, request_bytes

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import ProxyProcess
from promptguard.installation.shipped import files_of
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.state import read_state

ROOT = Path(__file__).parents[2]
PROMPTGUARD = "import os; os.chdir(os.environ['HERE']); from promptguard.cli import main; main()"


class InstalledProcess(ProxyProcess):
    """`promptguard run` of an unpacked wheel, with all that the user has in one folder."""

    def __init__(self, wheel: Path, home: Path, provider: Provider) -> None:
        super().__init__(log=home / "log")
        self._wheel, self._home, self._provider = wheel, home, provider
        self._data = DataFolder(home / "data" / "promptguard")
        (home / "here").mkdir(parents=True)

    @property
    def command(self) -> Sequence[str]:
        return [
            *(sys.executable, "-c", PROMPTGUARD, "run", "--console", "off", "--listen", f"127.0.0.1:{self.port}"),
            *("--connect-to", f"*={self._provider.address}"),
            *("--upstream-ca", str(self._provider.certificates.authority)),
        ]

    @property
    def additional_environment(self) -> Mapping[str, str]:
        return {
            "PYTHONPATH": str(self._wheel),
            "HERE": str(self._home / "here"),
            "HOME": str(self._home),
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "XDG_DATA_HOME": str(self._home / "data"),
        }

    @property
    def authority(self) -> Path:
        return self._data.ca_certificate

    @property
    def ready(self) -> bool:
        state = read_state(self._data.state)
        return state is not None and state.whole

    def run(self, *arguments: str) -> str:
        """What another command of the same installation prints."""
        command = [sys.executable, "-c", PROMPTGUARD, *arguments]
        environment = {**os.environ, **self.additional_environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its content, in a folder."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (built,) = folder.glob("promptguard-*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "content")
    return folder / "content"


@pytest.fixture
def installed(
    wheel: Path, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InstalledProcess]:
    for name in ("PROMPTGUARD_CONFIG", "PROMPTGUARD_DATA"):
        monkeypatch.delenv(name, raising=False)
    with InstalledProcess(wheel, tmp_path, provider) as running:
        yield running


def test_it_holds_the_configuration_and_nothing_of_a_checkout(wheel: Path) -> None:
    assert files_of(wheel / "promptguard" / "installation" / "configuration") == files_of(ROOT / "config")
    assert {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")} == {"promptguard"}


def test_it_runs_from_any_folder_with_what_is_shipped(installed: InstalledProcess, tmp_path: Path) -> None:
    secret = b"Tr0ub4" + b"dor&3x9"
    body = b'{"messages":[{"role":"user","content":"my password is %s"}]}' % secret
    assert exchange(installed.port, installed.authority, request_bytes(body)).status == 400
    assert "as shipped; `promptguard init` writes out one of your own" in installed.output
    assert list((tmp_path / "here").iterdir()) == []
    assert "All" in installed.run("audit", "verify") or "The one record" in installed.run("audit", "verify")
    assert str(tmp_path / "config" / "promptguard") in installed.run("init")
    assert "It fits this version." in installed.run("upgrade", "check")
