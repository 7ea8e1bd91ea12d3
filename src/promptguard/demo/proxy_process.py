"""A proxy run as a process of its own, the way a person would start it, for the demonstration, tests and benchmarks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.state import State, read_state, remove_state

_POLL_SECONDS = 0.05
_STOP_SECONDS = 10.0

PROMPTGUARD = (sys.executable, "-c", "from promptguard.cli import main; main()")
"""The `promptguard` command of the very installation that runs now, whatever `PATH` says."""


def free_port() -> int:
    """A port of loopback that nothing listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class ProxyFailed(RuntimeError):
    """A proxy process ended or did not become ready; the message ends with what it printed."""


class ProxyProcess:
    """A proxy in a subprocess, used as a context manager: entered, it takes requests.

    What it prints goes to the file `log`. Subclasses say how it is started and when it is ready.
    """

    def __init__(self, *, log: Path, port: int | None = None, address: str = "127.0.0.1") -> None:
        self.address = address
        self.port = port or free_port()
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> Sequence[str]:
        """The command line."""
        raise NotImplementedError

    @property
    def authority(self) -> Path:
        """The certificate that clients of the proxy must trust, PEM."""
        raise NotImplementedError

    @property
    def ready(self) -> bool:
        """Whether the proxy is whole."""
        raise NotImplementedError

    @property
    def additional_environment(self) -> Mapping[str, str]:
        """Environment variables of the proxy, besides those of this process."""
        return {}

    @property
    def url(self) -> str:
        """The proxy as `HTTPS_PROXY` names it."""
        return f"http://{self.address}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id."""
        if self._process is None:
            raise RuntimeError("the proxy is not running")
        return self._process.pid

    @property
    def output(self) -> str:
        """What the proxy has printed so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def client_environment(self, url: str | None = None) -> dict[str, str]:
        """What makes an unmodified client use the proxy: its address and its authority, in every runtime's words."""
        authority = str(self.authority)
        proxy = url or self.url
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "SSL_CERT_FILE": authority,
            "REQUESTS_CA_BUNDLE": authority,
            "CURL_CA_BUNDLE": authority,
            "NODE_EXTRA_CA_CERTS": authority,
            "NODE_USE_ENV_PROXY": "1",
        }

    def start(self) -> None:
        """Start the process without waiting until it is ready."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.additional_environment},
                # A group of its own: an interrupt from the keyboard is ours to hand on, and workers end with it.
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = 180.0) -> None:
        """Return when the proxy is whole.

        Raises:
            ProxyFailed: it ended, or is not ready after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while not self.ready:
            if not self.running:
                raise ProxyFailed(f"the proxy ended before it was ready:\n{self.output}")
            if time.monotonic() > deadline:
                raise ProxyFailed(f"the proxy is not ready after {seconds:g} s:\n{self.output}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> int:
        """Ask the process to end, and see to it. Returns its exit status."""
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                if sys.platform == "win32":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class PromptGuardProcess(ProxyProcess):
    """`promptguard run`.

    Args:
        config: the folder with policy.yaml and the other files.
        data: the folder for database, keys and the authority.
        connect_to: where hosts are found instead of by their names, as `HOST: ADDRESS:PORT`; `*` is every host.
        upstream_authority: certificate to trust on the way to the services, PEM.
        console: `HOST:PORT` of the console, or `off`.
        address: where it listens.
    """

    def __init__(
        self,
        *,
        config: Path,
        data: Path,
        connect_to: Mapping[str, str] | None = None,
        upstream_authority: Path | None = None,
        port: int | None = None,
        log: Path | None = None,
        console: str = "off",
        address: str = "127.0.0.1",
    ) -> None:
        super().__init__(log=log or DataFolder(data).log, port=port, address=address)
        self._console = console
        self.config = config
        self.data = data
        self._connect_to = dict(connect_to or {})
        self._upstream_authority = upstream_authority
        data.mkdir(parents=True, exist_ok=True)
        # Of an earlier run on the same data: it would make the new process look ready.
        remove_state(DataFolder(data).state)

    @property
    def command(self) -> Sequence[str]:
        """See `ProxyProcess.command`."""
        command = [
            *PROMPTGUARD,
            "run",
            "--config",
            str(self.config),
            "--data",
            str(self.data),
            "--console",
            self._console,
        ]
        command += ["--listen", f"{self.address}:{self.port}"]
        for host, address in self._connect_to.items():
            command += ["--connect-to", f"{host}={address}"]
        if self._upstream_authority is not None:
            command += ["--upstream-ca", str(self._upstream_authority)]
        return command

    @property
    def authority(self) -> Path:
        """See `ProxyProcess.authority`."""
        return DataFolder(self.data).ca_certificate

    @property
    def state(self) -> State | None:
        """What the process says of itself; None until it listens."""
        return read_state(DataFolder(self.data).state)

    @property
    def ready(self) -> bool:
        """See `ProxyProcess.ready`."""
        return self.state is not None and self.state.whole


def run_promptguard(arguments: Sequence[str], *, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run another `promptguard` command, such as `audit verify`, to its end."""
    return subprocess.run([*PROMPTGUARD, *arguments], capture_output=True, text=True, timeout=seconds, check=False)
