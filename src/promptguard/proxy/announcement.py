"""What is printed when a proxy starts: where everything is, and how to try it."""

from __future__ import annotations

import socket
from pathlib import Path

from promptguard.configuration.settings import Settings
from promptguard.installation.shipped import is_packaged
from promptguard.runtime.data_folder import DataFolder


class Announcement:
    """Of one start.

    Args:
        listening: host and port.
        config: the configuration folder.
        allow_unknown: overrides the configuration where it is not None.
    """

    def __init__(
        self, listening: tuple[str, int], config: Path, data: Path, settings: Settings, allow_unknown: bool | None
    ) -> None:
        host, port = listening
        self._everywhere = host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        self._port = port
        self._scheme = "https" if settings.tls and settings.tls.only else "http"
        self._url = f"{self._scheme}://{'127.0.0.1' if self._everywhere else host}:{port}"
        self._config = config
        self._certificate = DataFolder(data).ca_certificate
        self._settings = settings
        self._allow_unknown = allow_unknown

    def listens(self) -> None:
        """It listens, and is still loading."""
        print(f"PromptGuard listens on   {self._url}   (closed until its detectors are loaded)")
        if self._everywhere:
            there = f"{self._scheme}://{_address_of_this_machine()}:{self._port}"
            print(f"for other machines       {there}   {self._who_may()}")
        print(f"CA certificate           {self._certificate}")
        remark = "   (as shipped; `promptguard init` writes out one of your own)" if is_packaged(self._config) else ""
        print(f"Configuration            {self._config}{remark}")
        print("Loading detectors: some seconds, at the first start up to a minute …", flush=True)

    def is_whole(self, *, console_follows: bool) -> None:
        """It serves."""
        print("Ready. Try it in a second terminal, in this folder:")
        body = '{"messages":[{"role":"user","content":"my password is Tr0ub4dor&3"}]}'
        target = "https://api.openai.com/v1/chat/completions"
        # The certificate of the proxy is for the name by which laptops reach it, which this address is not.
        past_name = " --proxy-insecure" if self._scheme == "https" else ""
        print(f"  curl --proxy {self._url}{past_name}{self._as_whom()} --cacert {self._certificate} {target} \\")
        print(f"    -H 'content-type: application/json' -d '{body}'")
        follows = " The address of the console follows in a moment." if console_follows else ""
        print(f"Stop with Ctrl-C.{follows}", flush=True)

    def _as_whom(self) -> str:
        """Options by which curl says who it is: it asks for the password itself."""
        identity = self._settings.identity
        if identity.htpasswd or identity.ldap or identity.devices:
            return " --proxy-user NAME"
        return " --proxy-negotiate --proxy-user :" if identity.kerberos else ""

    def _who_may(self) -> str:
        identity = self._settings.identity
        if identity.asks:
            return "(with proxy credentials)"
        if identity.allow_unknown_clients if self._allow_unknown is None else self._allow_unknown:
            return "(open to all that reach it)"
        return "(those named in identities.yaml; all others are turned away)"


def _address_of_this_machine() -> str:
    """The address by which others are likely to reach this machine. Nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): a datagram socket only picks its own end
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
