"""The proxies under test, and configurations for them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from promptguard.demo.proxy_process import ProxyProcess
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.state import read_state

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"
ADDON = ROOT / "addons" / "promptguard.py"
INTRANET = "intranet.fabrikam.com"
"""A host that is no AI service."""

NEIGHBOUR = Path(__file__).with_name("neighbour.py")


def configuration(folder: Path, settings: Mapping[str, Any]) -> Path:
    """A copy of the shipped configuration in which sections of promptguard.yaml are replaced."""
    shutil.copytree(CONFIG, folder)
    file = folder / "promptguard.yaml"
    content = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
    for name, value in settings.items():
        content[name] = {**(content.get(name) or {}), **value} if isinstance(value, Mapping) else value
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    return folder


class MitmdumpProcess(ProxyProcess):
    """`mitmdump` with PromptGuard's addon, and with another addon beside it that finds the stand-in provider.

    Args:
        file: options for the `config.yaml` of its folder.
        options: `NAME=VALUE` for the command line.
    """

    def __init__(
        self,
        *,
        config: Path,
        data: Path,
        provider: str,
        upstream_authority: Path,
        file: Mapping[str, Any] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        super().__init__(log=data / "output.log")
        self.data = data
        self.folder = data / "mitmproxy"
        self.folder.mkdir(exist_ok=True)
        (self.folder / "config.yaml").write_text(yaml.safe_dump(dict(file or {})))
        self._options = {
            "confdir": self.folder,
            "promptguard_config": config,
            "promptguard_data": data,
            "neighbour_provider": provider,
            "ssl_verify_upstream_trusted_ca": upstream_authority,
        }
        self._more = options

    @property
    def command(self) -> Sequence[str]:
        command = [str(Path(sys.executable).with_name("mitmdump")), "--listen-host", "127.0.0.1", "-p", str(self.port)]
        for name, value in self._options.items():
            command += ["--set", f"{name}={value}"]
        for option in self._more:
            command += ["--set", option]
        return [*command, "-s", str(ADDON), "-s", str(NEIGHBOUR)]

    @property
    def authority(self) -> Path:
        return self.folder / "mitmproxy-ca-cert.pem"

    @property
    def ready(self) -> bool:
        state = read_state(DataFolder(self.data).state)
        return state is not None and state.whole
